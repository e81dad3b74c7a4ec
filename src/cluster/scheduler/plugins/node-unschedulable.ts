import { tolerates } from "../../../kinds/tolerations.ts";
import type { SchedulerPlugin } from "../define.ts";

/** A cordoned node takes no new pods, except those that tolerate its taint. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: "NodeUnschedulable",
  filter(pod, node) {
    if (!node.unschedulable) return undefined;
    const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;
    if (tolerates(pod.spec.tolerations, taint)) return undefined;
    return { reasons: ["node(s) were unschedulable"], unresolvable: true };
  },
};
