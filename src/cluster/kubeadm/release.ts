/**
 * What a Kubernetes release brings with it: the versions kubeadm installs beside it (cmd/kubeadm/app/constants), and
 * what goes with it on a host. A new release is a new entry.
 */
export interface Release {
  readonly version: string;
  readonly gitCommit: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly etcd: string;
  readonly coredns: string;
  readonly pause: string;
  readonly flannel: string;
  readonly calico: string;
  readonly cilium: string;
  readonly containerd: string;
  readonly osImage: string;
  readonly kernel: string;
}

const releases: readonly Release[] = [
  {
    version: "v1.35.0",
    gitCommit: "66452049f3d692768c39c797b21b793dce80314e",
    buildDate: "2025-12-17T12:32:07Z",
    goVersion: "go1.25.5",
    etcd: "3.6.6-0",
    coredns: "v1.13.1",
    pause: "3.10.1",
    flannel: "v0.27.4",
    calico: "v3.30.4",
    cilium: "v1.18.4",
    containerd: "2.1.5",
    osImage: "Debian GNU/Linux 12 (bookworm)",
    kernel: "6.1.0-41-amd64",
  },
];

/** The newest release that this program knows: what a world gets that names none. */
export const newestRelease: Release = releases[0] as Release;

/** All versions that are known: what the registry has of the components. */
export const releaseVersions: readonly string[] = releases.map((release) => release.version);

/** The data of a version such as v1.35.0. Throws Error for one that is not known. */
export function releaseOf(version: string | undefined): Release {
  const found = version === undefined ? newestRelease : releases.find((r) => r.version === version);
  if (!found)
    throw new Error(
      `Kubernetes ${version} is not among the releases known here: ${releases.map((r) => r.version).join(", ")}`,
    );
  return found;
}
