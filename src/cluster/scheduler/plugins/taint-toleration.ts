import { tolerates } from "../../../kinds/tolerations.ts";
import type { Taint } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { SchedulerPlugin } from "../define.ts";
import { newNode, normalizeScores } from "../events.ts";

function accepts(taints: readonly Taint[] | undefined, { spec }: Pod): boolean {
  if (taints)
    for (const taint of taints)
      if (taint.effect !== "PreferNoSchedule" && !tolerates(spec.tolerations, taint)) return false;
  return true;
}

/** A taint keeps pods away that do not tolerate it (words of 1.35). */
export const taintToleration: SchedulerPlugin = {
  name: "TaintToleration",
  weight: 3,
  filter: (pod, { taints }) =>
    accepts(taints, pod) ? undefined : { reasons: ["node(s) had untolerated taint(s)"], unresolvable: true },
  preScore: (_pod, nodes) =>
    nodes.some(({ taints }) => taints?.some(({ effect }) => effect === "PreferNoSchedule")) ? undefined : "skip",
  score(pod, { taints = [] }) {
    const soft = taints.filter((taint) => taint.effect === "PreferNoSchedule");
    return soft.filter((taint) => !tolerates(pod.spec.tolerations, taint)).length;
  },
  /** Fewer is better. */
  normalize: (scores) => normalizeScores(scores, true),
  helpedBy(event, pod) {
    const node = newNode(event, ({ spec }) => spec.taints);
    return node !== undefined && accepts(node.spec.taints, pod);
  },
};
