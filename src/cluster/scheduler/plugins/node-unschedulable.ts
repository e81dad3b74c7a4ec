import { tolerates } from "../../../kinds/tolerations.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { SchedulerPlugin } from "../define.ts";
import { newNode } from "../events.ts";

const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

function accepts(unschedulable: boolean, pod: Pod): boolean {
  return !unschedulable || tolerates(pod.spec.tolerations, taint);
}

/** A cordoned node takes no new pods, except those that tolerate its taint. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: "NodeUnschedulable",
  filter: (pod, { unschedulable }) =>
    accepts(unschedulable, pod) ? undefined : { reasons: ["node(s) were unschedulable"], unresolvable: true },
  helpedBy(event, pod) {
    const node = newNode(event, ({ spec }) => spec.unschedulable ?? false);
    return node !== undefined && accepts(node.spec.unschedulable ?? false, pod);
  },
};
