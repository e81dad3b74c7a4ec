import { errorTimeUtc } from "./clock-text.ts";
import { daemon, type Port, pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "docker-entrypoint.sh",
  also: ["rabbitmq-server"],
  writesTo: 1,
  start(proc) {
    const image = String(proc.machine.parts.get("image") ?? "");
    const info = (words: string) => `${errorTimeUtc(proc)}000+00:00 [info] <0.9.0> ${words}`;
    const page: Port = {
      port: 15672,
      http: (request) => (pathOf(request) === "/" ? plainText("RabbitMQ Management\n") : plainText("Not Found\n", 404)),
    };
    return {
      ports: [{ port: 5672 }, { port: 25672 }, { port: 4369 }, ...(image.includes("management") ? [page] : [])],
      says: [
        info(`node           : rabbit@${proc.machine.name}`),
        info("started TCP listener on [::]:5672"),
        info("Server startup complete; 0 plugins started."),
      ],
    };
  },
});

/** RabbitMQ: clients can connect; its protocol is not simulated. */
export const rabbitmq: Image = {
  repository: "docker.io/library/rabbitmq",
  tags: [
    "latest",
    "management",
    "alpine",
    "4",
    "4.2",
    "4.1",
    "4-management",
    "3",
    "3.13",
    "3-management",
    "3.13-management",
  ],
  size: 115_000_000,
  usage: { cpu: 6, memory: 130 },
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["rabbitmq-server"],
  byTag: (tag) => (tag === "alpine" ? { userland: "busybox" } : {}),
  programs: [server],
  userland: "debian",
};
