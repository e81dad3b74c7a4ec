import { matchesSelector } from "../../../../kinds/label-selector.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { PodDisruptionBudget } from "../../../../kinds/types/policy.ts";
import type { NodeInfo, Refusal, ScheduleState } from "../../define.ts";
import type { Candidate } from "./best-candidate.ts";

const priorityOf = ({ spec }: Pod) => spec.priority ?? 0;

/** Whether a pod may be preempted for another. */
export function isBelow(pod: Pod, other: Pod): boolean {
  return priorityOf(pod) < priorityOf(other);
}

/** The more important first: by priority, then by who started earlier; who has not started is last (scheduler util MoreImportantPod, 1.35). */
function byImportance(a: Pod, b: Pod): number {
  if (priorityOf(a) !== priorityOf(b)) return priorityOf(b) - priorityOf(a);
  const [first, second] = [a.status?.startTime ?? "~", b.status?.startTime ?? "~"];
  return first < second ? -1 : first > second ? 1 : 0;
}

/**
 * Whom a pod would have to push off a node to fit there: all that are less important, and then as many as can be are
 * spared, those that a budget protects first (default_preemption.go SelectVictimsOnNode, 1.35). None: undefined.
 */
export function victimsOn(
  pod: Pod,
  node: NodeInfo,
  state: ScheduleState,
  budgets: readonly PodDisruptionBudget[],
): Candidate | Refusal | undefined {
  const possible = [...node.pods.values()].filter((other) => isBelow(other, pod)).sort(byImportance);
  if (possible.length === 0) return undefined;
  const trial = node.copy();
  const away = new Set<Pod>();
  const take = (other: Pod) => {
    trial.take(other);
    state.suppose(other, node, -1);
    away.add(other);
  };
  const putBack = (other: Pod) => {
    trial.put(other);
    state.suppose(other, node, 1);
    away.delete(other);
  };
  for (const other of possible) take(other);
  const refusal = state.refusalOf(trial);
  const victims: Pod[] = [];
  let violations = 0;
  if (!refusal) {
    const { violating, others } = byBudget(possible, budgets);
    for (const other of [...violating, ...others]) {
      putBack(other);
      if (!state.refusalOf(trial)) continue;
      take(other);
      victims.push(other);
      if (violating.includes(other)) violations++;
    }
  }
  for (const other of away) state.suppose(other, node, 1);
  if (refusal) return refusal;
  return { node: node.node.metadata.name, victims: victims.sort(byImportance), violations };
}

/** Who could not leave without breaking a budget, if all of them left in this order, and who could. */
function byBudget(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): { violating: Pod[]; others: Pod[] } {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let breaks = false;
    for (const [i, budget] of budgets.entries()) {
      if (!protects(budget, pod)) continue;
      left[i] = (left[i] ?? 0) - 1;
      if ((left[i] ?? 0) < 0) breaks = true;
    }
    (breaks ? violating : others).push(pod);
  }
  return { violating, others };
}

function protects({ metadata, spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (metadata.namespace !== pod.metadata.namespace || status?.disruptedPods?.[pod.metadata.name]) return false;
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  // An empty selector protects nobody here, and neither has a pod without labels a budget.
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return false;
  return Object.keys(pod.metadata.labels ?? {}).length > 0 && matchesSelector(spec.selector, pod.metadata.labels);
}
