import { errorTimeUtc } from "./clock-text.ts";
import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

const choices = [
  "MARIADB_ROOT_PASSWORD",
  "MARIADB_ROOT_PASSWORD_HASH",
  "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
  "MARIADB_RANDOM_ROOT_PASSWORD",
];

const server = daemon({
  name: "docker-entrypoint.sh",
  also: ["mariadbd"],
  start(proc) {
    const version = proc.env.get("MARIADB_VERSION") ?? "";
    const note = (words: string) => `${errorTimeUtc(proc).slice(0, 19)}+00:00 ${words}`;
    const head = note(`[Note] [Entrypoint]: Entrypoint script for MariaDB Server ${version} started.`);
    const isGiven = choices.some((name) => proc.env.get(name) || proc.env.get(name.replace("MARIADB", "MYSQL")));
    if (!isGiven)
      return {
        status: 1,
        complains: [
          head,
          note("[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified"),
          `\tYou need to specify one of ${choices.slice(0, 3).join(", ")} and ${choices[3]}`,
        ],
      };
    return {
      ports: [{ port: 3306, banner: `Y\0\0\0\n${version}\0` }],
      says: [
        head,
        note("[Note] [Entrypoint]: MariaDB init process done. Ready for start up."),
        `${errorTimeUtc(proc).slice(0, 19)} 0 [Note] mariadbd: ready for connections.`,
        `Version: '${version.split("+")[0]?.slice(2)}'  socket: '/run/mysqld/mysqld.sock'  port: 3306  mariadb.org binary distribution`,
      ],
    };
  },
});

/** MariaDB: it asks for a root password, and clients can connect; its protocol is not simulated. */
export const mariadb: Image = {
  repository: "docker.io/library/mariadb",
  tags: ["latest", "12", "12.1", "11", "11.8", "11.4", "10", "10.11", "10.6", "10.5", "lts"],
  size: 105_000_000,
  usage: { cpu: 3, memory: 95 },
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["mariadbd"],
  env: { MARIADB_VERSION: "1:12.1.2+maria~ubu2404" },
  programs: [server],
  userland: "debian",
};
