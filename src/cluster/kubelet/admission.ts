import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import { amountOf, podRequests } from "../../kinds/pod-resources.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";

/** Why the kubelet will not run a pod that was put on its node (pkg/kubelet/lifecycle/predicate.go, 1.35). */
export function admissionFailure(
  pod: Pod,
  node: Node,
  others: readonly Pod[],
): { reason: string; message: string } | undefined {
  const requests = podRequests(pod);
  const allocatable = node.status?.allocatable ?? {};
  if (others.length + 1 > amountOf("pods", allocatable.pods ?? "110"))
    return {
      reason: "OutOfpods",
      message: `Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: ${others.length}, capacity: ${allocatable.pods}`,
    };
  for (const name in requests) {
    const asked = requests[name] ?? 0;
    if (asked === 0) continue;
    const capacity = amountOf(name, allocatable[name] ?? "0");
    let used = 0;
    for (const other of others) used += podRequests(other)[name] ?? 0;
    if (used + asked > capacity)
      return {
        reason: `OutOf${name}`,
        message: `Pod was rejected: Node didn't have enough resource: ${name}, requested: ${asked}, used: ${used}, capacity: ${capacity}`,
      };
  }
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  const fits =
    selector.every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (!required || matchesNodeTerms(required.nodeSelectorTerms, node));
  if (fits) return undefined;
  const why = "node(s) didn't match Pod's node affinity/selector";
  return { reason: "NodeAffinity", message: `Pod was rejected: Predicate NodeAffinity failed: ${why}` };
}
