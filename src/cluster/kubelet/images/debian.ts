import type { Image } from "./define.ts";

/** Debian. */
export const debian: Image = {
  repository: "docker.io/library/debian",
  tags: [
    "latest",
    "stable",
    "stable-slim",
    "13",
    "trixie",
    "trixie-slim",
    "12",
    "bookworm",
    "bookworm-slim",
    "11",
    "bullseye",
  ],
  size: 49_000_000,
  cmd: ["bash"],
  userland: "debian",
};
