import { type Clock, type Micros, SECOND, type Timer } from "../../base/clock.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { ActivePods } from "./active-pods.ts";
import type { ClusterEvent } from "./define.ts";

/** How long pods wait before they are tried again. */
interface QueueTimes {
  /** podInitialBackoffSeconds and podMaxBackoffSeconds. */
  readonly first: number;
  readonly most: number;
  /** --pod-max-in-unschedulable-pods-duration, in seconds. */
  readonly longest: number;
}

/**
 * While nothing else is to be done, pods leave their back-off early (SchedulerPopFromBackoffQ, on since 1.33). A real
 * scheduler manages about so many pods a second.
 */
const EARLY_PER_SECOND = 100;

/** A pod that is to be scheduled. */
export interface QueuedPod {
  pod: Pod;
  readonly uid: string;
  /** How often it found no node, and how often something else went wrong since. */
  tries: number;
  errors: number;
  since: Micros;
  /** The plugins that refused it last; none where no plugin did. */
  refusers: ReadonlySet<string>;
  timer?: Timer;
}

/** Tells whether an event may help a pod that a plugin refused. */
type Hint = (plugin: string, event: ClusterEvent, pod: Pod) => boolean;

const NO_PLUGIN = "";

/** Pods to be scheduled: those to try now, those that wait out their back-off, and those that wait for something to change. */
export class SchedulingQueue {
  private readonly clock: Clock;
  private readonly times: QueueTimes;
  private readonly hint: Hint;
  private readonly onReady: () => void;
  private readonly active = new ActivePods();
  /** They would be tried now, but for their back-off. */
  private readonly backingOff = new Map<string, QueuedPod>();
  private readonly unschedulable = new Map<string, QueuedPod>();
  /** Those of `unschedulable`, by the plugins that refused them. */
  private readonly byPlugin = new Map<string, Set<QueuedPod>>();
  private early = 0;
  private earlySince: Micros = 0;

  constructor(clock: Clock, times: QueueTimes, hint: Hint, onReady: () => void) {
    this.clock = clock;
    this.times = times;
    this.hint = hint;
    this.onReady = onReady;
  }

  clear(): void {
    this.active.clear();
    for (const { timer } of this.backingOff.values()) timer?.cancel();
    for (const { timer } of this.unschedulable.values()) timer?.cancel();
    this.backingOff.clear();
    this.unschedulable.clear();
    this.byPlugin.clear();
  }

  /** A pod without a node is new, or has changed. A change of its status alone gives no new hope. */
  add(pod: Pod, old: Pod | undefined): void {
    const uid = pod.metadata.uid ?? "";
    const known = this.active.get(uid) ?? this.backingOff.get(uid);
    if (known) {
      this.active.replace(known, pod);
      return;
    }
    const waiting = this.unschedulable.get(uid);
    if (!waiting) {
      const since = this.clock.now;
      this.push({ pod, uid, tries: 0, errors: 0, since, refusers: new Set() });
      return;
    }
    waiting.pod = pod;
    if (pod.spec === old?.spec && pod.metadata.labels === old.metadata.labels) return;
    this.release(waiting);
    this.retry(waiting);
  }

  private push(queued: QueuedPod): void {
    queued.timer?.cancel();
    delete queued.timer;
    this.active.push(queued);
    this.onReady();
  }

  forget({ metadata: { uid = "" } }: Pod): void {
    this.active.delete(uid);
    const waiting = this.unschedulable.get(uid) ?? this.backingOff.get(uid);
    if (!waiting) return;
    this.release(waiting);
    this.backingOff.delete(uid);
    waiting.timer?.cancel();
  }

  /** The pod to try next: the highest priority, then the one that came first; when there is none, one that backs off. */
  take(): QueuedPod | undefined {
    return this.active.take() ?? this.takeEarly();
  }

  private takeEarly(): QueuedPod | undefined {
    if (this.backingOff.size === 0) return undefined;
    if (this.clock.now >= this.earlySince + SECOND) {
      this.earlySince = this.clock.now;
      this.early = 0;
    }
    if (this.early >= EARLY_PER_SECOND) return undefined;
    let best: QueuedPod | undefined;
    // What something went wrong with waits to the end.
    for (const queued of this.backingOff.values())
      if (queued.errors === 0 && (!best || (queued.pod.spec.priority ?? 0) > (best.pod.spec.priority ?? 0)))
        best = queued;
    if (!best) return undefined;
    this.early++;
    this.backingOff.delete(best.uid);
    best.timer?.cancel();
    delete best.timer;
    return best;
  }

  /** A pod that was taken found no node: it waits for what may help those who refused it. */
  putBack(queued: QueuedPod, refusers: ReadonlySet<string>): void {
    queued.tries++;
    queued.errors = 0;
    this.await(queued, refusers);
  }

  /** A pod that was taken has a node, but something must happen before it can be bound. */
  park(queued: QueuedPod, refusers: ReadonlySet<string>): void {
    queued.tries = 0;
    this.await(queued, refusers);
  }

  /** Something else went wrong: the pod is tried again when its back-off has passed. */
  failed(queued: QueuedPod): void {
    queued.errors++;
    queued.since = this.clock.now;
    this.backOff(queued);
  }

  private await(queued: QueuedPod, refusers: ReadonlySet<string>): void {
    queued.since = this.clock.now;
    queued.refusers = refusers;
    this.unschedulable.set(queued.uid, queued);
    for (const plugin of refusers.size > 0 ? refusers : [NO_PLUGIN]) {
      const others = this.byPlugin.get(plugin) ?? new Set<QueuedPod>();
      this.byPlugin.set(plugin, others);
      others.add(queued);
    }
    queued.timer = this.clock.at(this.clock.now + this.times.longest * SECOND, () => {
      this.release(queued);
      this.retry(queued);
    });
  }

  /** Takes a pod from those that wait for something to change. */
  private release(queued: QueuedPod): void {
    if (!this.unschedulable.delete(queued.uid)) return;
    for (const plugin of queued.refusers.size > 0 ? queued.refusers : [NO_PLUGIN])
      this.byPlugin.get(plugin)?.delete(queued);
  }

  /** Something happened: pods are tried again where it may help one of the plugins that refused them. */
  onEvent(event: ClusterEvent): void {
    if (this.unschedulable.size === 0) return;
    let helped: Set<QueuedPod> | undefined;
    for (const [plugin, pods] of this.byPlugin)
      for (const queued of pods)
        if (plugin === NO_PLUGIN || this.hint(plugin, event, queued.pod)) {
          helped ??= new Set();
          helped.add(queued);
        }
    for (const queued of helped ?? []) {
      this.release(queued);
      this.retry(queued);
    }
  }

  /** A pod is tried again at once, whatever it waits for. */
  activate({ metadata: { uid = "" } }: Pod): void {
    const waiting = this.unschedulable.get(uid);
    if (!waiting) return;
    this.release(waiting);
    this.retry(waiting);
  }

  private retry(queued: QueuedPod): void {
    if (this.backOffEnd(queued) <= this.clock.now) this.push(queued);
    else this.backOff(queued);
  }

  private backOff(queued: QueuedPod): void {
    queued.timer?.cancel();
    this.backingOff.set(queued.uid, queued);
    queued.timer = this.clock.at(this.backOffEnd(queued), () => {
      this.backingOff.delete(queued.uid);
      this.push(queued);
    });
    this.onReady();
  }

  private backOffEnd({ tries, errors, since }: QueuedPod): Micros {
    const count = errors || tries;
    const { first, most } = this.times;
    return count === 0 ? since : since + Math.min(first * 2 ** (count - 1), most) * SECOND;
  }
}
