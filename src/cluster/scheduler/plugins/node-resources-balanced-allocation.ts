import type { SchedulerPlugin } from "../define.ts";

function share(all: number, used: number): number {
  return all === 0 ? 1 : Math.min(1, used / all);
}

/** Prefers nodes whose cpu and memory would be used alike (1.35; pods that ask for nothing are not scored). */
export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  preScore: (_pod, _nodes, { requests }) => (Object.keys(requests).length > 0 ? undefined : "skip"),
  score(_pod, { room }, { requests }) {
    const cpu = share(room.cpu, room.cpuRequested + (requests.cpu ?? 0));
    const spread = Math.abs(cpu - share(room.memory, room.memoryRequested + (requests.memory ?? 0))) / 2;
    return Math.floor((1 - spread) * 100);
  },
};
