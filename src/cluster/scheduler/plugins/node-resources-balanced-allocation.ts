import type { NodeInfo, SchedulerPlugin } from "../define.ts";

function share(node: NodeInfo, resource: string, asked: number): number {
  const all = node.allocatable[resource] ?? 0;
  return all === 0 ? 1 : Math.min(1, ((node.requested[resource] ?? 0) + asked) / all);
}

/** Prefers nodes whose cpu and memory would be used alike (1.35; pods that ask for nothing are not scored). */
export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  preScore: (_pod, _nodes, { requests }) => (Object.keys(requests).length > 0 ? undefined : "skip"),
  score(_pod, node, { requests }) {
    const spread = Math.abs(share(node, "cpu", requests.cpu ?? 0) - share(node, "memory", requests.memory ?? 0)) / 2;
    return Math.floor((1 - spread) * 100);
  },
};
