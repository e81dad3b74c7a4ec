import { type Micros, SECOND } from "../../../base/clock.ts";
import { isPodReady } from "../../../kinds/labels.ts";
import type { Status } from "../../../kinds/status.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { createPod, deletePod, slowStart } from "../pod-control.ts";
import { deletionOrder } from "../replica-set-order.ts";
import { waitAfter } from "./back-off.ts";
import type { Look } from "./look.ts";
import { endedAt, failuresBefore, indexOf, isIndexed, newPod, untrack } from "./pods.ts";
import { failureVerdict } from "./policies.ts";

/** At most so many pods at one look (MaxPodCreateDeletePerSync, 1.35). */
const BURST = 500;

/** What was done about a job's pods: how many are active now, what went wrong, when to look again (seconds). */
export interface Managed {
  readonly active: number;
  readonly failed?: Status | undefined;
  readonly againIn?: number;
}

/** Creates or deletes pods so that as many run as should (job_controller.go manageJob, 1.35). */
export function managePods(look: Look): Managed {
  const { job, active } = look;
  if (job.spec.suspend) return remove(look, active);
  const wanted = wantedPods(look);
  const surplus = surplusPods(look, Math.max(0, active.length - wanted));
  if (surplus.length > 0) return remove(look, surplus.slice(0, BURST));
  const ending = job.spec.podReplacementPolicy === "Failed" ? look.terminating : 0;
  const missing = wanted - ending - active.length;
  return missing > 0 ? create(look, Math.min(missing, BURST)) : { active: active.length };
}

function wantedPods({ job, active, succeeded }: Look): number {
  const { completions, parallelism = 1 } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** Deletes active pods for good: these are not counted. */
function remove(look: Look, pods: readonly Pod[]): Managed {
  const { api, job } = look;
  let [removed, failed]: [number, Status | undefined] = [0, undefined];
  for (const pod of pods) {
    const fault = slowStart(1, () => {
      untrack(api, pod);
      deletePod(api, job, pod);
    });
    failed ??= fault;
    if (fault) continue;
    removed++;
    if (isPodReady(pod)) look.ready--;
  }
  look.terminating += removed;
  return { active: look.active.length - removed, failed };
}

/** Pods that are too many: with indexes first those whose index is taken or none, then those that are the least loss. */
function surplusPods({ job, active, now }: Look, count: number): readonly Pod[] {
  const doomed: Pod[] = [];
  let left = active;
  if (isIndexed(job)) {
    const taken = new Map<number, Pod>();
    const order = deletionOrder(active, () => 0, now).reverse();
    for (const pod of order) {
      const index = indexOf(pod, job);
      if (index === undefined || taken.has(index)) doomed.push(pod);
      else taken.set(index, pod);
    }
    left = [...taken.values()];
  }
  if (doomed.length >= count) return doomed;
  return [...doomed, ...deletionOrder(left, () => 0, now).slice(0, count - doomed.length)];
}

function create(look: Look, missing: number): Managed {
  const { api, job, backOff, now } = look;
  const perIndex = job.spec.backoffLimitPerIndex !== undefined;
  const wait = perIndex ? 0 : waitAfter(backOff.failures, backOff.lastAt, now);
  if (wait > 0) return { active: 0, againIn: wait / SECOND };
  if (!isIndexed(job)) return made(look, missing, () => createPod(api, job, newPod(job)));
  const { indexes, nextIn } = dueIndexes(look, pendingIndexes(look, missing));
  if (indexes.length === 0 && nextIn !== undefined) return { active: 0, againIn: nextIn / SECOND };
  return made(look, indexes.length, (at) => {
    const index = indexes[at] ?? 0;
    createPod(api, job, newPod(job, perIndex ? { index, failures: failuresAt(look, index) } : { index }));
  });
}

function made({ active }: Look, count: number, make: (index: number) => void): Managed {
  let done = 0;
  const failed = slowStart(count, (index) => {
    make(index);
    done++;
  });
  return { active: active.length + done, failed };
}

/** The first indexes that neither run nor are through. */
function pendingIndexes({ job, active, done, lost }: Look, count: number): readonly number[] {
  const running = new Set(active.map((pod) => indexOf(pod, job)));
  const found: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && found.length < count; index++)
    if (!running.has(index) && !done.has(index) && !lost?.has(index)) found.push(index);
  return found;
}

/** Those whose own back-off is over, and else how long the first has to wait. */
function dueIndexes({ delayed, now }: Look, pending: readonly number[]): { indexes: number[]; nextIn?: Micros } {
  const waits = pending.map((index) => {
    const pod = delayed.get(index);
    if (!pod) return 0;
    const { counted, ignored } = failuresBefore(pod);
    return waitAfter(counted + ignored + 1, endedAt(pod), now);
  });
  const indexes = pending.filter((_, at) => waits[at] === 0);
  return waits.length === 0 ? { indexes } : { indexes, nextIn: Math.min(...waits) };
}

/** The failures of an index with that of the pod that is replaced. */
function failuresAt({ job, delayed }: Look, index: number): { counted: number; ignored: number } {
  const pod = delayed.get(index);
  if (!pod) return { counted: 0, ignored: 0 };
  const { counted, ignored } = failuresBefore(pod);
  return failureVerdict(job, pod).counts ? { counted: counted + 1, ignored } : { counted, ignored: ignored + 1 };
}
