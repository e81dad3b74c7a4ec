import { isoSeconds } from "./clock-text.ts";
import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "docker-entrypoint.sh",
  also: ["mongod"],
  writesTo: 1,
  start(proc, argv) {
    const at = argv.indexOf("--port");
    const port = at < 0 ? 27017 : Number(argv[at + 1]);
    const line = (c: string, id: number, msg: string, attr: object) =>
      JSON.stringify({ t: { $date: `${isoSeconds(proc)}.000+00:00` }, s: "I", c, id, ctx: "initandlisten", msg, attr });
    return {
      ports: [{ port }],
      says: [
        line("CONTROL", 4615611, "MongoDB starting", {
          pid: 1,
          port,
          dbPath: "/data/db",
          architecture: "64-bit",
          host: proc.machine.name,
        }),
        line("NETWORK", 23016, "Waiting for connections", { port, ssl: "off" }),
      ],
    };
  },
});

/** MongoDB: clients can connect; its protocol is not simulated. */
export const mongo: Image = {
  repository: "docker.io/library/mongo",
  tags: ["latest", "8", "8.2", "8.0", "7", "7.0", "6", "6.0", "5", "5.0", "4.4", "4.2"],
  size: 315_000_000,
  usage: { cpu: 6, memory: 170 },
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["mongod"],
  programs: [server],
  userland: "debian",
};
