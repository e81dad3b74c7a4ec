import type { NodeInfo, SchedulerPlugin } from "../define.ts";
import { LEAST_WEIGHT } from "../node-cache.ts";

function free(all: number, used: number): number {
  if (all === 0) return 0;
  return used > all ? 0 : Math.floor(((all - used) * 100) / all);
}

/** Whether a pod that asks for nothing but cpu and memory fits. */
function fits({ room }: NodeInfo, cpu: number, memory: number): boolean {
  if (room.podCount + 1 > room.pods) return false;
  if (cpu !== 0 && cpu > room.cpu - room.cpuRequested) return false;
  return memory === 0 || memory <= room.memory - room.memoryRequested;
}

const NAME = "NodeResourcesFit";

/** Requests must fit into what is left of the node; the emptier node scores more (LeastAllocated). */
export const nodeResourcesFit: SchedulerPlugin = {
  name: NAME,
  weight: 1,
  preFilter(_pod, state) {
    let usual = true;
    for (const name in state.requests) if (name !== "cpu" && name !== "memory") usual = false;
    state.kept.set(NAME, usual);
    return undefined;
  },
  filter(_pod, node, { requests, kept }) {
    if (kept.get(NAME) === true && fits(node, requests.cpu ?? 0, requests.memory ?? 0)) return undefined;
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
    const { room, weighed } = node;
    const cpu = free(room.cpu, weighed.cpu + (requests.cpu || LEAST_WEIGHT.cpu));
    return Math.floor((cpu + free(room.memory, weighed.memory + (requests.memory || LEAST_WEIGHT.memory))) / 2);
  },
};
