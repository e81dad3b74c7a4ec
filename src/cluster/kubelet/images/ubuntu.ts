import type { Image } from "./define.ts";

/** Ubuntu. */
export const ubuntu: Image = {
  repository: "docker.io/library/ubuntu",
  tags: ["latest", "24.04", "noble", "22.04", "jammy", "20.04", "25.10"],
  size: 30_000_000,
  cmd: ["/bin/bash"],
  userland: "debian",
};
