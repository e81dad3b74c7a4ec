import type { PolicyPacket } from "../define.ts";
import type { CompiledPolicy, PolicyPod } from "./compile-policy.ts";

/** Why a packet is dropped, and which policies (in their order) are the cause, in plain words. */
export function refusalText(
  packet: PolicyPacket,
  pod: PolicyPod,
  other: PolicyPod | undefined,
  policies: readonly CompiledPolicy[],
): string {
  const { direction, peer, port, protocol } = packet;
  const names = policies.map(({ namespace, name }) => `${namespace}/${name}`);
  const one = names.length === 1;
  const who = `${one ? "NetworkPolicy" : "NetworkPolicies"} ${names.join(", ")}`;
  const selects = `${who} ${one ? "selects" : "select"} pod ${pod.namespace}/${pod.name}`;
  if (policies.every((policy) => policy[direction]?.length === 0))
    return `${selects} and ${one ? "allows" : "allow"} no ${direction}`;
  const end = other ? `${peer} (pod ${other.namespace}/${other.name})` : peer;
  const what = protocol === "ICMP" ? "ICMP" : `${protocol} port ${port}`;
  const rules = one ? "none of its" : "none of their";
  return direction === "ingress"
    ? `${selects}, and ${rules} ingress rules allows ${end} to ${what}`
    : `${selects}, and ${rules} egress rules allows ${what} of ${end}`;
}
