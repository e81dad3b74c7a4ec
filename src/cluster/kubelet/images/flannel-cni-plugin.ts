import type { Image } from "./define.ts";

/** Carries the CNI plugin's binary, which an init container copies to the host. */
export const flannelCniPlugin: Image = {
  repository: "ghcr.io/flannel-io/flannel-cni-plugin",
  tags: ["v1.8.0-flannel1"],
  size: 5_000_000,
  userland: "busybox",
  files(files) {
    files.write("/flannel", "\u007fELF\u0002\u0001\u0001flannel\n", { uid: 0, gid: 0, groups: [] }, { mode: 0o755 });
  },
};
