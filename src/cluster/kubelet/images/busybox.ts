import type { Image } from "./define.ts";

/** A small userland; without a command its shell ends at once, having no input. */
export const busybox: Image = {
  repository: "docker.io/library/busybox",
  tags: [
    "latest",
    "stable",
    "1",
    "1.37",
    "1.37.0",
    "1.36",
    "1.36.1",
    "1.35",
    "1.35.0",
    "1.34",
    "1.33",
    "1.32",
    "1.31",
    "1.31.1",
    "1.30",
    "1.29",
    "1.28",
    "1.28.4",
    "glibc",
    "musl",
    "uclibc",
  ],
  size: 2_200_000,
  cmd: ["sh"],
  userland: "busybox",
};

/** The copy of it that the documentation of probes uses. */
export const busyboxOfKubernetes: Image = {
  ...busybox,
  repository: "registry.k8s.io/busybox",
  tags: ["latest", "1.27", "1.27.2", "1.24"],
};
