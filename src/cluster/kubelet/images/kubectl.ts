import { releaseVersions } from "../../kubeadm/release.ts";
import type { Image } from "./define.ts";

/** Images with kubectl, which in a pod asks as the pod's service account. */
export const kubectlImages: readonly Image[] = [
  {
    repository: "registry.k8s.io/kubectl",
    tags: releaseVersions,
    size: 28_000_000,
    entrypoint: ["kubectl"],
    userland: "none",
    tools: ["kubectl"],
  },
  {
    repository: "docker.io/bitnami/kubectl",
    tags: ["latest"],
    size: 116_000_000,
    entrypoint: ["kubectl"],
    cmd: ["--help"],
    user: 1001,
    userland: "debian",
    tools: ["kubectl", "curl", "jq", "yq"],
  },
  {
    repository: "docker.io/bitnamilegacy/kubectl",
    tags: ["1.33.4", "1.33.3", "1.33.1", "1.32.4", "1.32.3", "1.31.4"],
    size: 116_000_000,
    entrypoint: ["kubectl"],
    cmd: ["--help"],
    user: 1001,
    userland: "debian",
    tools: ["kubectl", "curl", "jq", "yq"],
  },
];
