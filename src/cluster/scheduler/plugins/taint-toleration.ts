import { tolerates } from "../../../kinds/tolerations.ts";
import type { SchedulerPlugin } from "../define.ts";

/** A taint keeps pods away that do not tolerate it (words of 1.35). */
export const taintToleration: SchedulerPlugin = {
  name: "TaintToleration",
  weight: 3,
  filter(pod, { taints }) {
    if (!taints) return undefined;
    for (const taint of taints)
      if (taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint))
        return { reasons: ["node(s) had untolerated taint(s)"], unresolvable: true };
    return undefined;
  },
  preScore: (_pod, nodes) =>
    nodes.some(({ taints }) => taints?.some(({ effect }) => effect === "PreferNoSchedule")) ? undefined : "skip",
  score(pod, { taints = [] }) {
    const soft = taints.filter((taint) => taint.effect === "PreferNoSchedule");
    return soft.filter((taint) => !tolerates(pod.spec.tolerations, taint)).length;
  },
  /** Fewer is better. */
  normalize(scores) {
    const most = Math.max(...scores);
    for (let i = 0; i < scores.length; i++) scores[i] = most === 0 ? 100 : 100 - (100 * (scores[i] ?? 0)) / most;
  },
};
