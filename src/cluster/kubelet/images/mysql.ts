import type { Process } from "../../../machine/process.ts";
import { errorTimeUtc } from "./clock-text.ts";
import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

/** A time as MySQL's image logs it: 2026-01-02 03:04:05+00:00 */
const stamp = (proc: Process) => `${errorTimeUtc(proc).slice(0, 19)}+00:00`;

const passwords = ["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"];

const server = daemon({
  name: "docker-entrypoint.sh",
  also: ["mysqld"],
  start(proc) {
    const version = proc.env.get("MYSQL_VERSION") ?? "";
    const note = (words: string) => `${stamp(proc)} ${words}`;
    const head = note(`[Note] [Entrypoint]: Entrypoint script for MySQL Server ${version} started.`);
    if (!passwords.some((name) => proc.env.get(name)))
      return {
        status: 1,
        complains: [
          head,
          note("[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified"),
          "    You need to specify one of the following as an environment variable:",
          ...passwords.map((name) => `    - ${name}`),
        ],
      };
    return {
      ports: [{ port: 3306, banner: `J\0\0\0\n${version.split("-")[0]}\0` }, { port: 33060 }],
      says: [
        head,
        note("[Note] [Entrypoint]: MySQL init process done. Ready for start up."),
        `${stamp(proc)} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${version.split("-")[0]}'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.`,
      ],
    };
  },
});

/** MySQL: it asks for a root password, and clients can connect; its protocol is not simulated. */
export const mysql: Image = {
  repository: "docker.io/library/mysql",
  tags: ["latest", "9", "9.5", "9.4", "9.0", "8", "8.4", "8.0", "8.0.44", "8.0.36", "5", "5.7", "5.7.44", "5.6"],
  size: 240_000_000,
  usage: { cpu: 8, memory: 420 },
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["mysqld"],
  env: { MYSQL_VERSION: "9.5.0-1.el9", MYSQL_MAJOR: "innovation" },
  byTag(tag) {
    const found = [
      ["8.0", "8.0.44-1.el9"],
      ["8", "8.4.7-1.el9"],
      ["5", "5.7.44-1.el7"],
    ] as const;
    const version = found.find(([name]) => tag === name || tag.startsWith(`${name}.`))?.[1];
    return version === undefined ? {} : { env: { MYSQL_VERSION: version } };
  },
  programs: [server],
  userland: "debian",
};
