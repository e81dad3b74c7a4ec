import { podRequests } from "../../../kinds/pod-resources.ts";
import type { PodWorker } from "../pod-worker.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { podDisk } from "../usage/disk.ts";
import { memoryOfPod } from "../usage/memory.ts";
import type { Signal } from "./thresholds.ts";

/** What a pod uses of the resource that runs short. */
function usageOf(runtime: Runtime, { pod }: PodWorker, signal: Signal): number {
  const uid = pod.metadata.uid ?? "";
  if (signal === "memory.available") return memoryOfPod(runtime, uid);
  if (signal !== "pid.available") return podDisk(runtime, uid);
  return runtime.containersOf(uid).reduce((sum, { machine }) => sum + machine.processes.size, 0);
}

/** The resource as pods ask for it. */
export const resourceOf: Readonly<Record<Signal, string>> = {
  "memory.available": "memory",
  "nodefs.available": "ephemeral-storage",
  "imagefs.available": "ephemeral-storage",
  "pid.available": "pids",
};

/**
 * Pods in the order in which they have to go: those that use more than they asked for, those of low priority, those that are
 * furthest above their request (eviction/helpers.go rankMemoryPressure and its like, 1.35).
 */
export function ranked(runtime: Runtime, workers: readonly PodWorker[], signal: Signal): PodWorker[] {
  const resource = resourceOf[signal];
  const marks = new Map(
    workers.map((worker) => {
      const usage = usageOf(runtime, worker, signal);
      const request = podRequests(worker.pod)[resource] ?? 0;
      const exceeds = signal !== "pid.available" && usage > request;
      return [worker, { exceeds, priority: worker.pod.spec.priority ?? 0, above: usage - request }] as const;
    }),
  );
  return [...workers].sort((a, b) => {
    const [one, other] = [marks.get(a), marks.get(b)];
    if (!one || !other) return 0;
    return Number(other.exceeds) - Number(one.exceeds) || one.priority - other.priority || other.above - one.above;
  });
}
