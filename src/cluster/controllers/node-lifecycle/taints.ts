import type { Micros } from "../../../base/clock.ts";
import { rfc3339 } from "../../../base/time.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Node, Taint } from "../../../kinds/types/core.ts";

const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";

/** Which taint a condition of a node means, by its status (nodeConditionToTaintKeyStatusMap, 1.35). */
const byCondition: readonly [type: string, status: string, key: string][] = [
  ["Ready", "False", NOT_READY],
  ["Ready", "Unknown", UNREACHABLE],
  ["MemoryPressure", "True", "node.kubernetes.io/memory-pressure"],
  ["DiskPressure", "True", "node.kubernetes.io/disk-pressure"],
  ["NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"],
  ["PIDPressure", "True", "node.kubernetes.io/pid-pressure"],
];
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
const ours = new Set([...byCondition.map(([, , key]) => key), UNSCHEDULABLE]);

/** The taints a node should have; what the controller does not manage stays. `evict`: whether NoExecute ones may come. */
export function taintsOf(node: Node, evict: "yes" | "not yet" | "never", now: Micros): Taint[] {
  const wanted = new Set<string>();
  for (const [type, status, key] of byCondition) if (conditionOf(node, type)?.status === status) wanted.add(key);
  if (node.spec.unschedulable) wanted.add(UNSCHEDULABLE);
  const evicting = evictionKey(node);
  const old = node.spec.taints ?? [];
  const kept = old.filter(({ key, effect }) => {
    if (effect === "NoSchedule" && ours.has(key)) return wanted.has(key);
    if (effect === "NoExecute" && (key === NOT_READY || key === UNREACHABLE))
      return key === evicting && evict !== "never";
    return true;
  });
  const has = (key: string, effect: string) => kept.some((taint) => taint.key === key && taint.effect === effect);
  const timeAdded = rfc3339(now);
  const added: Taint[] = [...wanted]
    .filter((key) => !has(key, "NoSchedule"))
    .map((key) => ({ key, effect: "NoSchedule", timeAdded }));
  if (evicting && evict === "yes" && !has(evicting, "NoExecute"))
    added.push({ key: evicting, effect: "NoExecute", timeAdded });
  return added.length === 0 && kept.length === old.length ? (node.spec.taints ?? []) : [...kept, ...added];
}

/** The NoExecute taint that a node which is not ready should have. */
export function evictionKey(node: Node): string | undefined {
  const status = conditionOf(node, "Ready")?.status;
  return status === "False" ? NOT_READY : status === "Unknown" ? UNREACHABLE : undefined;
}

/** Whether a node has one of the two taints already: then it only swaps it, which nothing limits. */
export function isEvicting({ spec }: Node): boolean {
  return (spec.taints ?? []).some(
    ({ key, effect }) => effect === "NoExecute" && (key === NOT_READY || key === UNREACHABLE),
  );
}
