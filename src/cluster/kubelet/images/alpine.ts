import type { Image } from "./define.ts";

/** Alpine Linux. */
export const alpine: Image = {
  repository: "docker.io/library/alpine",
  tags: ["latest", "edge", "3", "3.23", "3.22", "3.21", "3.20", "3.19", "3.18", "3.17"],
  size: 3_800_000,
  cmd: ["/bin/sh"],
  userland: "busybox",
};
