import type { Pod } from "../../kinds/types/pod.ts";
import type { QueuedPod } from "./scheduling-queue.ts";

/** The pods to try now: by priority, and those of one priority in the order in which they came (PrioritySort, 1.35). */
export class ActivePods {
  private readonly byUid = new Map<string, QueuedPod>();
  private readonly byPriority = new Map<number, Map<string, QueuedPod>>();
  /** The highest first. */
  private priorities: number[] = [];

  clear(): void {
    this.byUid.clear();
    this.byPriority.clear();
    this.priorities = [];
  }

  get(uid: string): QueuedPod | undefined {
    return this.byUid.get(uid);
  }

  push(queued: QueuedPod): void {
    const priority = queued.pod.spec.priority ?? 0;
    this.byUid.set(queued.uid, queued);
    const alike = this.byPriority.get(priority);
    if (alike) {
      alike.set(queued.uid, queued);
      return;
    }
    this.byPriority.set(priority, new Map([[queued.uid, queued]]));
    this.priorities.push(priority);
    this.priorities.sort((a, b) => b - a);
  }

  /** The newest version of a pod that is queued, here or elsewhere. */
  replace(queued: QueuedPod, pod: Pod): void {
    const moved = this.byUid.has(queued.uid) && pod.spec.priority !== queued.pod.spec.priority;
    if (moved) this.delete(queued.uid);
    queued.pod = pod;
    if (moved) this.push(queued);
  }

  delete(uid: string): void {
    const queued = this.byUid.get(uid);
    if (!queued) return;
    this.byUid.delete(uid);
    this.byPriority.get(queued.pod.spec.priority ?? 0)?.delete(uid);
  }

  take(): QueuedPod | undefined {
    for (;;) {
      const [priority] = this.priorities;
      if (priority === undefined) return undefined;
      const first = this.byPriority.get(priority)?.values().next().value;
      if (first) {
        this.delete(first.uid);
        return first;
      }
      this.byPriority.delete(priority);
      this.priorities.shift();
    }
  }
}
