import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "memcached",
  start(_proc, argv) {
    const at = argv.indexOf("-p");
    return { ports: [{ port: at < 0 ? 11211 : Number(argv[at + 1]) }] };
  },
  farewell: ["Signal handled: Terminated."],
});

/** memcached: clients can connect; its protocol is not simulated. */
export const memcached: Image = {
  repository: "docker.io/library/memcached",
  tags: ["latest", "alpine", "1", "1.6", "1.6.39", "1-alpine", "1.6-alpine", "1.5"],
  size: 32_000_000,
  usage: { cpu: 0.3, memory: 2 },
  cmd: ["memcached"],
  user: 11211,
  byTag: (tag) => (tag.includes("alpine") ? { userland: "busybox", size: 10_000_000 } : {}),
  programs: [server],
  userland: "debian",
};
