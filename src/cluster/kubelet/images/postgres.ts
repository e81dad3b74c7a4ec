import { errorTimeUtc } from "./clock-text.ts";
import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

const refusal = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html`;

const server = daemon({
  name: "docker-entrypoint.sh",
  also: ["postgres"],
  start(proc) {
    const { env } = proc;
    if (
      !env.get("POSTGRES_PASSWORD") &&
      !env.get("POSTGRES_PASSWORD_FILE") &&
      env.get("POSTGRES_HOST_AUTH_METHOD") !== "trust"
    )
      return { status: 1, complains: [refusal] };
    const log = (words: string) => `${errorTimeUtc(proc)} UTC [1] LOG:  ${words}`;
    const port = Number(env.get("PGPORT") ?? 5432);
    return {
      ports: [{ port }],
      says: [
        "PostgreSQL init process complete; ready for start up.",
        "",
        log(
          `starting PostgreSQL ${env.get("PG_VERSION")?.split("-")[0]} on x86_64-pc-linux-gnu, compiled by gcc, 64-bit`,
        ),
        log(`listening on IPv4 address "0.0.0.0", port ${port}`),
        log('listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"'),
        log("database system is ready to accept connections"),
      ],
    };
  },
});

const newest: Readonly<Record<string, string>> = {
  "18": "18.1",
  "17": "17.7",
  "16": "16.11",
  "15": "15.15",
  "14": "14.20",
  "13": "13.23",
  "12": "12.22",
};
const majors = Object.keys(newest).reverse();
const plain = ["latest", ...majors, ...Object.values(newest)];

/** PostgreSQL: it asks for a password, and clients can connect; its protocol is not simulated. */
export const postgres: Image = {
  repository: "docker.io/library/postgres",
  tags: [...plain, ...plain.map((tag) => (tag === "latest" ? "alpine" : `${tag}-alpine`))],
  size: 155_000_000,
  usage: { cpu: 2, memory: 28 },
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["postgres"],
  env: { PGDATA: "/var/lib/postgresql/data", PG_VERSION: "18.1-1.pgdg13+2" },
  stopSignal: "INT",
  byTag(tag) {
    const number = tag.replace(/-?alpine/, "");
    const version = newest[number] ?? (/^\d+\.\d+$/.test(number) ? number : newest["18"]);
    const env = { PGDATA: "/var/lib/postgresql/data", PG_VERSION: `${version}-1.pgdg13+2` };
    return tag.includes("alpine") ? { env, userland: "busybox", size: 105_000_000 } : { env };
  },
  programs: [server],
  userland: "debian",
};
