import type { Release } from "../../release.ts";
import { ciliumAccess } from "./access.ts";
import { ciliumWorkloads } from "./workloads.ts";

/**
 * Cilium as its chart installs it (1.18, beside kube-proxy, with a pool that kube-proxy knows as the cluster's own). Its kinds are made by its operator; its own policies, Hubble and
 * Envoy are not simulated, and are not there.
 */
export function cilium(release: Release, podCIDR: string): string {
  return [ciliumAccess, ciliumWorkloads(release, podCIDR)].join("---\n");
}
