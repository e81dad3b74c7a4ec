import type { NodeInfo, SchedulerPlugin, ScheduleState } from "../define.ts";

function share(all: number, used: number): number {
  return all === 0 ? 1 : Math.min(1, used / all);
}

/** The usual score, of cpu and memory: half of what lies between their shares is their standard deviation. */
function ofTwo({ room }: NodeInfo, state: ScheduleState): number {
  const cpu = share(room.cpu, room.cpuRequested + state.cpu);
  const spread = Math.abs(cpu - share(room.memory, room.memoryRequested + state.memory)) / 2;
  return Math.floor((1 - spread) * 100);
}

function ofMany(names: readonly string[]): (node: NodeInfo, state: ScheduleState) => number {
  return ({ allocatable, requested }, { requests }) => {
    const shares: number[] = [];
    for (const name of names) {
      const all = allocatable[name] ?? 0;
      if (all === 0 || (name.includes("/") && !requests[name])) continue;
      shares.push(share(all, (requested[name] ?? 0) + (requests[name] ?? 0)));
    }
    const mean = shares.reduce((sum, one) => sum + one, 0) / (shares.length || 1);
    const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (shares.length || 1);
    return Math.floor((1 - Math.sqrt(variance)) * 100);
  };
}

function balancedWith(names: readonly string[]): SchedulerPlugin {
  const score = names.join() === "cpu,memory" ? ofTwo : ofMany(names);
  return {
    name: "NodeResourcesBalancedAllocation",
    weight: 1,
    withArgs({ resources }) {
      const given = (resources ?? []) as readonly { name: string }[];
      return balancedWith(given.length > 0 ? given.map(({ name }) => name) : usual);
    },
    preScore: (_pod, _nodes, { requests }) => (names.some((name) => requests[name]) ? undefined : "skip"),
    score: (_pod, node, state) => score(node, state),
  };
}

const usual = ["cpu", "memory"];

/** Prefers nodes whose resources would be used alike (1.35; pods that ask for none of them are not scored). */
export const nodeResourcesBalancedAllocation = balancedWith(usual);
