import { hostPorts, hostPortsMeet } from "../../kinds/host-ports.ts";
import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import { amountOf, podRequests } from "../../kinds/pod-resources.ts";
import { tolerates } from "../../kinds/tolerations.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { CONFIG_SOURCE } from "./static-pods.ts";

/** Sysctls of namespaces that harm nobody else (pkg/kubelet/sysctl/safe_sysctls.go, 1.35). */
const safeSysctls: ReadonlySet<string> = new Set(
  `kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range
  net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem`.split(/\s+/),
);

/** Why a pod's sysctls are not for it to set here (pkg/kubelet/sysctl/allowlist.go, 1.35). */
export function sysctlProblem(pod: Pod, allowed: readonly string[]): string | undefined {
  const sysctls = (pod.spec.securityContext?.sysctls ?? []) as readonly { name: string }[];
  for (const { name: given } of sysctls) {
    const name = given.replaceAll("/", ".");
    const isAllowed =
      safeSysctls.has(name) ||
      allowed.some((one) => one === name || (one.endsWith("*") && name.startsWith(one.slice(0, -1))));
    if (!isAllowed) return `forbidden sysctl: ${JSON.stringify(name)} not allowlisted`;
    if (pod.spec.hostNetwork && name.startsWith("net."))
      return `forbidden sysctl: ${JSON.stringify(name)} not allowed with host net enabled`;
  }
  return undefined;
}

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
      message: `Node didn't have enough resource: pods, requested: 1, used: ${others.length}, capacity: ${allocatable.pods}`,
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
        message: `Node didn't have enough resource: ${name}, requested: ${asked}, used: ${used}, capacity: ${capacity}`,
      };
  }
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  const fits =
    selector.every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (!required || matchesNodeTerms(required.nodeSelectorTerms, node));
  if (!fits) return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
  const ports = hostPorts(pod);
  if (ports.length > 0 && others.some((other) => !isSame(other, pod) && hostPortsMeet(ports, hostPorts(other))))
    return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
  const taints = pod.metadata.annotations?.[CONFIG_SOURCE] === "file" ? [] : (node.spec?.taints ?? []);
  if (taints.some((taint) => taint.effect === "NoExecute" && !tolerates(pod.spec.tolerations, taint)))
    return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
  return undefined;
}

function predicate(name: string, why: string): { reason: string; message: string } {
  return { reason: name, message: `Predicate ${name} failed: ${why}` };
}

/** A static pod and the one that its changed manifest makes of it. */
function isSame(a: Pod, b: Pod): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}
