import { itemsOf, readManifests } from "../../base/yaml-in/read-manifests.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";
import { clusterConfig, clusterInfo, configReaders } from "./addons/cluster-config.ts";
import { coredns } from "./addons/coredns.ts";
import { kubeProxy } from "./addons/kube-proxy.ts";
import { podNetworkManifest } from "./addons/pod-network.ts";
import { type ClusterPlan, serviceAddress } from "./install.ts";

const parsed = new Map<string, string>();

/** The objects of a manifest text; parsed once for all worlds, fresh for each. Throws Error for what cannot be read. */
export function objectsIn(text: string): KubeObject[] {
  let json = parsed.get(text);
  if (json === undefined) {
    const objects: unknown[] = [];
    for (const read of readManifests(text, "STDIN")) {
      if (!read.object) throw new Error(String(read.fault));
      objects.push(...(itemsOf(read.object) ?? [read.object]));
    }
    json = JSON.stringify(objects);
    parsed.set(text, json);
  }
  return JSON.parse(json) as KubeObject[];
}

/** Creates the objects of a manifest; those that are there already stay as they are. */
export function createAll(api: Api, text: string): void {
  for (const object of objectsIn(text)) createOne(api, object);
}

function createOne(api: Api, object: KubeObject): void {
  try {
    api.create(object);
  } catch (error) {
    if (!(error instanceof Status && error.reason === "AlreadyExists")) throw error;
  }
}

/** What `kubeadm init` puts into a fresh cluster once its API server answers: configuration, DNS, kube-proxy; then the CNI. */
export function initCluster(api: Api, plan: ClusterPlan): void {
  const dnsAddress = serviceAddress(plan, 10);
  createAll(api, clusterConfig({ ...plan, dnsAddress }));
  createOne(api, clusterInfo(plan.endpoint, plan.pki.authority("ca")));
  createAll(api, configReaders());
  if (plan.without?.includes("addons")) return;
  createAll(api, coredns(plan.release, dnsAddress));
  createAll(api, kubeProxy(plan.release, `https://${plan.endpoint}:6443`, plan.podCIDR));
  if (plan.cni !== "none") createAll(api, podNetworkManifest(plan.cni, plan));
}

/** Marks a node as control plane (kubeadm phases mark-control-plane, 1.35). False while it has not registered. */
export function markControlPlane(api: Api, name: string): boolean {
  const node = api.get<Node>("nodes", undefined, name);
  if (!node) return false;
  api.modify(node, (current) => {
    const key = "node-role.kubernetes.io/control-plane";
    const labels = {
      ...current.metadata.labels,
      [key]: "",
      "node.kubernetes.io/exclude-from-external-load-balancers": "",
    };
    const taints = [
      ...(current.spec.taints ?? []).filter((t) => t.key !== key),
      { key, effect: "NoSchedule" as const },
    ];
    return { ...current, metadata: { ...current.metadata, labels }, spec: { ...current.spec, taints } };
  });
  return true;
}
