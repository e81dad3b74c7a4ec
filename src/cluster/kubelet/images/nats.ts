import { errorTimeUtc } from "./clock-text.ts";
import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "nats-server",
  folder: "/",
  start(proc) {
    const line = (words: string) => `[1] ${errorTimeUtc(proc).replaceAll("-", "/")}000 [INF] ${words}`;
    const id = proc.machine.kernel.random.hex(28).toUpperCase();
    const banner = `INFO {"server_id":"N${id}","version":"2.12.2","proto":1,"host":"0.0.0.0","port":4222,"headers":true,"max_payload":1048576} \r\n`;
    return {
      ports: [{ port: 4222, banner }, { port: 6222 }],
      says: [
        line("Starting nats-server"),
        line("  Version:  2.12.2"),
        line("Listening for client connections on 0.0.0.0:4222"),
        line("Server is ready"),
      ],
    };
  },
  endsWith: 1,
});

/** NATS: it greets clients; more of its protocol is not simulated. */
export const nats: Image = {
  repository: "docker.io/library/nats",
  tags: ["latest", "2", "2.12", "2.12.2", "2.11", "2.10"],
  size: 7_000_000,
  usage: { cpu: 0.6, memory: 9 },
  entrypoint: ["/nats-server"],
  cmd: ["--config", "nats-server.conf"],
  programs: [server],
  userland: "none",
};
