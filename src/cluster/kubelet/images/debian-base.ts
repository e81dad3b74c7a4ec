import type { Image } from "./define.ts";

/** The small Debian that the volume controller wipes recycled volumes with. */
export const debianBase: Image = {
  repository: "registry.k8s.io/build-image/debian-base",
  tags: ["bookworm-v1.0.6", "bookworm-v1.0.4"],
  size: 21_000_000,
  cmd: ["/bin/sh"],
  userland: "debian",
};
