import { type Clock, type Micros, SECOND, type Timer } from "../../base/clock.ts";
import type { Pod } from "../../kinds/types/pod.ts";

/** podInitialBackoffSeconds, podMaxBackoffSeconds and the flush of pods that wait too long (scheduler defaults, 1.35). */
const FIRST_BACKOFF = 1 * SECOND;
const LAST_BACKOFF = 10 * SECOND;
const LONGEST_WAIT = 300 * SECOND;

interface Waiting {
  pod: Pod;
  tries: number;
  since: Micros;
  /** When it will be tried again: at the end of its back-off, or of the longest wait. */
  timer?: Timer;
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
    for (const { timer } of this.unschedulable.values()) timer?.cancel();
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
      this.retry(uid, waiting);
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
    const uid = pod.metadata.uid ?? "";
    this.ready.delete(uid);
    this.unschedulable.get(uid)?.timer?.cancel();
    this.unschedulable.delete(uid);
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
    this.wait(pod, (this.taken?.pod === pod ? this.taken.tries : 0) + 1);
  }

  /** The pod that was taken last has a node, but its volumes are not bound yet. */
  park(pod: Pod): void {
    this.wait(pod, 0);
  }

  private wait(pod: Pod, tries: number): void {
    const waiting: Waiting = { pod, tries, since: this.clock.now };
    const uid = pod.metadata.uid ?? "";
    this.unschedulable.set(uid, waiting);
    this.retryAt(uid, waiting, this.clock.now + LONGEST_WAIT);
  }

  private retryAt(uid: string, waiting: Waiting, at: Micros): void {
    if (waiting.timer && waiting.timer.at <= at) return;
    waiting.timer?.cancel();
    waiting.timer = this.clock.at(at, () => this.retry(uid, waiting));
  }

  /** Something changed that may help: every waiting pod is tried again once its back-off has passed. */
  retryAll(): void {
    for (const [uid, waiting] of [...this.unschedulable]) this.retrySoon(uid, waiting);
  }

  /** A pod came to a node, or has other labels: those who want to be near it are tried again. */
  retryAffine(): void {
    for (const [uid, waiting] of this.unschedulable)
      if (waiting.pod.spec.affinity?.podAffinity) this.retrySoon(uid, waiting);
  }

  private retrySoon(uid: string, waiting: Waiting): void {
    const backoff = waiting.tries === 0 ? 0 : Math.min(FIRST_BACKOFF * 2 ** (waiting.tries - 1), LAST_BACKOFF);
    const at = waiting.since + backoff;
    if (at <= this.clock.now) this.retry(uid, waiting);
    else this.retryAt(uid, waiting, at);
  }

  private retry(uid: string, waiting: Waiting): void {
    waiting.timer?.cancel();
    delete waiting.timer;
    if (this.unschedulable.get(uid) !== waiting) return;
    this.unschedulable.delete(uid);
    this.push(uid, waiting);
  }
}
