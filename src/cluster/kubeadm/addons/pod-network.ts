import type { Release } from "../release.ts";
import { calico } from "./calico/index.ts";
import { cilium } from "./cilium/index.ts";
import { flannel } from "./flannel.ts";

/** The pod networks that there are manifests of. */
export type PodNetworkName = "flannel" | "calico" | "cilium";

/** The manifest that installs a pod network. */
export function podNetworkManifest(
  name: PodNetworkName,
  { release, podCIDR }: { readonly release: Release; readonly podCIDR: string },
): string {
  if (name === "flannel") return flannel(release, podCIDR);
  return name === "calico" ? calico(release) : cilium(release, podCIDR);
}

/** The images of a pod network, which a node that was made with it has already. */
export function podNetworkImages(
  name: PodNetworkName | "none",
  { flannel: own, calico: felix, cilium: agent }: Release,
): string[] {
  if (name === "flannel")
    return [`ghcr.io/flannel-io/flannel:${own}`, "ghcr.io/flannel-io/flannel-cni-plugin:v1.8.0-flannel1"];
  if (name === "calico") return ["cni", "node", "kube-controllers"].map((part) => `docker.io/calico/${part}:${felix}`);
  if (name === "cilium") return ["cilium", "operator-generic"].map((part) => `quay.io/cilium/${part}:${agent}`);
  return [];
}
