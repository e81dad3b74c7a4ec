import { type Clock, type Micros, SECOND } from "../../base/clock.ts";
import type { Pod } from "../../kinds/types/pod.ts";

/** podInitialBackoffSeconds, podMaxBackoffSeconds and the flush of pods that wait too long (scheduler defaults, 1.35). */
const FIRST_BACKOFF = 1 * SECOND;
const LAST_BACKOFF = 10 * SECOND;
const LONGEST_WAIT = 300 * SECOND;

interface Waiting {
  pod: Pod;
  tries: number;
  since: Micros;
}

/** Pods to be scheduled: those to try now, by priority, and those that found no node and wait for something to change. */
export class SchedulingQueue {
  private readonly clock: Clock;
  private readonly onReady: () => void;
  private readonly ready = new Map<string, Waiting>();
  private readonly unschedulable = new Map<string, Waiting>();
  /** True while all pods of `ready` have the same priority, so that their order is that of their coming. */
  private uniform = true;

  constructor(clock: Clock, onReady: () => void) {
    this.clock = clock;
    this.onReady = onReady;
  }

  clear(): void {
    this.ready.clear();
    this.unschedulable.clear();
    this.uniform = true;
  }

  /** A pod without a node is new, or has changed. A change of its status alone gives no new hope. */
  add(pod: Pod, old: Pod | undefined): void {
    const uid = pod.metadata.uid ?? "";
    const waiting = this.unschedulable.get(uid);
    if (waiting) {
      waiting.pod = pod;
      if (pod.spec === old?.spec && pod.metadata.labels === old.metadata.labels) return;
      this.unschedulable.delete(uid);
      this.push(uid, waiting);
    } else this.push(uid, this.ready.get(uid) ?? { pod, tries: 0, since: this.clock.now }, pod);
  }

  private push(uid: string, waiting: Waiting, pod: Pod = waiting.pod): void {
    waiting.pod = pod;
    const first = this.ready.values().next().value?.pod;
    if (first && (first.spec.priority ?? 0) !== (pod.spec.priority ?? 0)) this.uniform = false;
    this.ready.set(uid, waiting);
    this.onReady();
  }

  forget(pod: Pod): void {
    this.ready.delete(pod.metadata.uid ?? "");
    this.unschedulable.delete(pod.metadata.uid ?? "");
  }

  /** The pod to try next: the highest priority, then the one that came first. */
  take(): Pod | undefined {
    let best: [string, Waiting] | undefined;
    for (const entry of this.ready) {
      if (!best || (entry[1].pod.spec.priority ?? 0) > (best[1].pod.spec.priority ?? 0)) best = entry;
      if (this.uniform) break;
    }
    if (!best) {
      this.uniform = true;
      return undefined;
    }
    this.ready.delete(best[0]);
    this.taken = best[1];
    return best[1].pod;
  }

  private taken: Waiting | undefined;

  /** The pod that was taken last found no node. */
  putBack(pod: Pod): void {
    const tries = (this.taken?.pod === pod ? this.taken.tries : 0) + 1;
    const waiting = { pod, tries, since: this.clock.now };
    const uid = pod.metadata.uid ?? "";
    this.unschedulable.set(uid, waiting);
    this.clock.at(this.clock.now + LONGEST_WAIT, () => {
      if (this.unschedulable.get(uid) === waiting) this.retry(uid, waiting);
    });
  }

  /** Something changed that may help: every waiting pod is tried again once its back-off has passed. */
  retryAll(): void {
    for (const [uid, waiting] of [...this.unschedulable]) {
      const backoff = Math.min(FIRST_BACKOFF * 2 ** (waiting.tries - 1), LAST_BACKOFF);
      const at = waiting.since + backoff;
      if (at <= this.clock.now) this.retry(uid, waiting);
      else
        this.clock.at(at, () => {
          if (this.unschedulable.get(uid) === waiting) this.retry(uid, waiting);
        });
    }
  }

  private retry(uid: string, waiting: Waiting): void {
    this.unschedulable.delete(uid);
    this.push(uid, waiting);
  }
}
