import type { NodeInfo, SchedulerPlugin } from "../define.ts";
import { LEAST_WEIGHT } from "../node-cache.ts";

function free(node: NodeInfo, resource: "cpu" | "memory", asked: number): number {
  const all = node.allocatable[resource] ?? 0;
  if (all === 0) return 0;
  const used = node.weighed[resource] + (asked || LEAST_WEIGHT[resource]);
  return used > all ? 0 : Math.floor(((all - used) * 100) / all);
}

/** Requests must fit into what is left of the node; the emptier node scores more (LeastAllocated). */
export const nodeResourcesFit: SchedulerPlugin = {
  name: "NodeResourcesFit",
  weight: 1,
  filter(_pod, node, { requests }) {
    const { allocatable, requested } = node;
    let reasons: string[] | undefined;
    let never = false;
    if ((requested.pods ?? 0) + 1 > (allocatable.pods ?? 0)) reasons = ["Too many pods"];
    for (const name in requests) {
      const asked = requests[name] ?? 0;
      const all = allocatable[name] ?? 0;
      if (asked === 0 || asked <= all - (requested[name] ?? 0)) continue;
      reasons = [...(reasons ?? []), `Insufficient ${name}`];
      // Nobody's leaving would make room for more than the node has.
      if (asked > all) never = true;
    }
    return reasons && { reasons, unresolvable: never };
  },
  score(_pod, node, { requests }) {
    return Math.floor((free(node, "cpu", requests.cpu ?? 0) + free(node, "memory", requests.memory ?? 0)) / 2);
  },
};
