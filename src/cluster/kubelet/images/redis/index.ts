import { root } from "../../../../machine/define-files.ts";
import type { Image } from "../define.ts";
import { redisCli } from "./cli.ts";
import { redisServer } from "./server.ts";

const newest: Readonly<Record<string, string>> = {
  "8": "8.4.0",
  "8.4": "8.4.0",
  "8.2": "8.2.3",
  "8.0": "8.0.5",
  "7": "7.4.7",
  "7.4": "7.4.7",
  "7.2": "7.2.12",
  "7.0": "7.0.15",
  "6": "6.2.21",
  "6.2": "6.2.21",
  "6.0": "6.0.20",
  "5": "5.0.14",
  "5.0": "5.0.14",
};
const exact = [...new Set(Object.values(newest)), "5.0.4", "8.0.2", "6.0.5"];
const plain = ["latest", ...Object.keys(newest), ...exact];

function versionOf(tag: string): string {
  const number = tag.replace(/-?alpine/, "");
  return newest[number] ?? (/^\d+\.\d+\.\d+$/.test(number) ? number : "8.4.0");
}

/** Redis with its client: texts, numbers and settings; other types, expiry and replication are not simulated. */
export const redis: Image = {
  repository: "docker.io/library/redis",
  tags: [...plain, ...plain.map((tag) => (tag === "latest" ? "alpine" : `${tag}-alpine`))],
  size: 52_000_000,
  usage: { cpu: 4, memory: 5 },
  cmd: ["redis-server"],
  env: { REDIS_VERSION: "8.4.0" },
  workingDir: "/data",
  byTag(tag) {
    const env = { REDIS_VERSION: versionOf(tag) };
    return tag.includes("alpine") ? { env, userland: "busybox", size: 30_000_000 } : { env };
  },
  programs: [redisServer, redisCli],
  userland: "debian",
  files: (files) => files.mkdir("/data", root, { parents: true }),
};
