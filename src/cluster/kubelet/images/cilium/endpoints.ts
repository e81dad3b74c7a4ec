import { Status } from "../../../../kinds/status.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import { CILIUM_ENDPOINTS, CILIUM_VERSION } from "./define.ts";

/** Keeps a CiliumEndpoint beside every pod of the node that has an address; it goes with its pod. */
export class CiliumEndpoints {
  private readonly api: Connection;
  private readonly address: string;
  private readonly told = new Map<string, string>();
  readonly stop: () => void;

  constructor(api: Connection, node: string, address: string) {
    this.api = api;
    this.address = address;
    this.stop = api.watch<Pod>(
      "pods",
      ({ type, object }) => {
        if (type === "DELETED") this.told.delete(object.metadata.uid ?? "");
        else this.tell(object);
      },
      { where: { index: "node", value: node } },
    );
  }

  private tell(pod: Pod): void {
    const { namespace = "", name, uid = "", labels = {} } = pod.metadata;
    const ip = pod.status?.podIP;
    if (pod.spec.hostNetwork || !ip || this.told.get(uid) === ip) return;
    const security = [
      ...Object.entries(labels).map(([key, value]) => `k8s:${key}=${value}`),
      `k8s:io.cilium.k8s.policy.cluster=default`,
      `k8s:io.cilium.k8s.policy.serviceaccount=${pod.spec.serviceAccountName ?? "default"}`,
      `k8s:io.kubernetes.pod.namespace=${namespace}`,
    ].sort();
    const endpoint: KubeObject = {
      apiVersion: CILIUM_VERSION,
      kind: "CiliumEndpoint",
      metadata: { name, namespace, labels, ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid }] },
      status: {
        "external-identifiers": {
          "k8s-namespace": namespace,
          "k8s-pod-name": name,
          "pod-name": `${namespace}/${name}`,
        },
        id: numberOf(uid, 4096),
        identity: { id: 1024 + numberOf(`${namespace} ${security.join(" ")}`, 64_000), labels: security },
        networking: { addressing: [{ ipv4: ip }], node: this.address },
        state: "ready",
      },
    };
    try {
      const old = this.api.get<KubeObject>(CILIUM_ENDPOINTS, namespace, name);
      if (old) this.api.modify(old, (current) => ({ ...current, status: endpoint.status }));
      else this.api.create(endpoint);
      this.told.set(uid, ip);
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
  }
}

/** A number below a bound that a text always gets (FNV-1a). */
function numberOf(text: string, bound: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bound;
}
