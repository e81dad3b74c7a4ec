import type { Pod } from "../../../kinds/types/pod.ts";
import type { PolicyPod } from "./compile-policy.ts";

const noPorts: PolicyPod["namedPorts"] = new Map();

/**
 * A pod as policies see it; undefined where they do not: it shares its node's network, or has ended and given its
 * address back.
 */
export function policyPodOf(pod: Pod): PolicyPod | undefined {
  const { metadata, spec, status } = pod;
  if (spec.hostNetwork || status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    labels: metadata.labels,
    namedPorts: namedPortsOf(pod),
  };
}

/** Named ports of containers, and of init containers that go on beside them (sidecars, GA since 1.33). */
function namedPortsOf({ spec }: Pod): PolicyPod["namedPorts"] {
  let found: Map<string, number[]> | undefined;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const { ports = [] } of [...spec.containers, ...sidecars])
    for (const { name, protocol = "TCP", containerPort } of ports) {
      if (name === undefined) continue;
      found ??= new Map();
      const key = `${protocol}/${name}`;
      const numbers = found.get(key);
      if (numbers) numbers.push(containerPort);
      else found.set(key, [containerPort]);
    }
  return found ?? noPorts;
}

/** Under this annotation Calico's CNI plugin tells a pod's addresses before the kubelet does. */
export const CALICO_ADDRESSES = "cni.projectcalico.org/podIPs";

/** The addresses of a pod, without the length of their networks. */
export function addressesOf({ metadata, status }: Pod): readonly string[] {
  const { podIPs, podIP } = status ?? {};
  if (podIPs?.length) return podIPs.map(({ ip }) => ip);
  if (podIP) return [podIP];
  const told = metadata.annotations?.[CALICO_ADDRESSES];
  return told ? told.split(",").map((text) => text.replace(/\/.*/, "")) : [];
}
