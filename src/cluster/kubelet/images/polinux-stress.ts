import type { Image } from "./define.ts";

/** The load generator of the Kubernetes documentation's tasks about memory. */
export const polinuxStress: Image = {
  repository: "docker.io/polinux/stress",
  tags: ["latest", "1.0.4"],
  size: 4_000_000,
  cmd: ["stress", "--help"],
  userland: "busybox",
  tools: ["stress"],
};
