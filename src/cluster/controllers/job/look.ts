import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../../base/time.ts";
import { isPodReady } from "../../../kinds/labels.ts";
import type { Job, JobStatus } from "../../../kinds/types/batch.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { isActive, isFinished } from "../pod-state.ts";
import { type BackOff, backOffAfter } from "./back-off.ts";
import { failuresBefore, indexOf, isFailed, isIndexed, isTracked } from "./pods.ts";
import { failureVerdict, readIndexes } from "./policies.ts";

/** The status of a job while it is worked out. */
export type Draft = JobStatus & {
  conditions: Condition[];
  uncountedTerminatedPods: { succeeded: string[]; failed: string[] };
};

/** One look at a job: its pods, what they come to, and what is decided (job_controller.go syncJobCtx, 1.35). */
export interface Look {
  readonly api: Api;
  readonly job: Job;
  readonly now: Micros;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly draft: Draft;
  readonly backOff: BackOff;
  readonly failed: number;
  succeeded: number;
  ready: number;
  terminating: number;
  /** How the job ends, once that is known. */
  finished?: Condition;
  /** Of an indexed job: what had succeeded before, what has now, what has failed for good. */
  readonly known: ReadonlySet<number>;
  readonly done: ReadonlySet<number>;
  readonly lost: ReadonlySet<number> | undefined;
  /** With a back-off limit per index: the failed pod of each index that waits for its successor. */
  readonly delayed: ReadonlyMap<number, Pod>;
}

export function lookAt(api: Api, job: Job, pods: readonly Pod[], before: BackOff, now: Micros): Look {
  const { uncountedTerminatedPods: uncounted, conditions } = job.status ?? {};
  const draft: Draft = {
    ...job.status,
    conditions: [...(conditions ?? [])],
    uncountedTerminatedPods: { succeeded: [...(uncounted?.succeeded ?? [])], failed: [...(uncounted?.failed ?? [])] },
  };
  if (draft.startTime === undefined && !job.spec.suspend) draft.startTime = rfc3339(now);
  const { succeeded: won, failed: lost } = draft.uncountedTerminatedPods;
  const isNew = (pod: Pod, counted: readonly string[]) =>
    isTracked(pod) && !counted.includes(pod.metadata.uid ?? "") && (!isIndexed(job) || indexOf(pod, job) !== undefined);
  const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded" && isNew(pod, won));
  const failed = pods.filter((pod) => isFailed(pod, job) && isNew(pod, lost));
  const counted = failed.filter((pod) => failureVerdict(job, pod).counts);
  const active = pods.filter(isActive);
  const indexes = indexesOf(job, pods, active);
  return {
    api,
    job,
    now,
    pods,
    active,
    draft,
    backOff: backOffAfter(before, succeeded, failed),
    failed: (draft.failed ?? 0) + counted.length + lost.length,
    succeeded: isIndexed(job) ? indexes.done.size : (draft.succeeded ?? 0) + succeeded.length + won.length,
    ready: active.filter(isPodReady).length,
    terminating: pods.filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp).length,
    ...indexes,
  };
}

type Indexes = Pick<Look, "known" | "done" | "lost" | "delayed">;

const none: ReadonlySet<number> = new Set();

function indexesOf(job: Job, pods: readonly Pod[], active: readonly Pod[]): Indexes {
  if (!isIndexed(job)) return { known: none, done: none, lost: undefined, delayed: new Map() };
  const { completions, backoffLimitPerIndex } = job.spec;
  const known = new Set(readIndexes(job.status?.completedIndexes ?? "", completions));
  const done = new Set(known);
  for (const pod of pods) {
    const index = indexOf(pod, job);
    if (index !== undefined && pod.status?.phase === "Succeeded" && isTracked(pod)) done.add(index);
  }
  if (backoffLimitPerIndex === undefined) return { known, done, lost: undefined, delayed: new Map() };
  const lost = new Set(readIndexes(job.status?.failedIndexes ?? "", completions));
  for (const pod of pods) {
    const index = indexOf(pod, job);
    if (index !== undefined && isTracked(pod) && losesIndex(job, pod)) lost.add(index);
  }
  const running = new Set(active.map((pod) => indexOf(pod, job)));
  const delayed = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod, job);
    if (index === undefined || !isTracked(pod) || !isFailed(pod, job)) continue;
    if (!done.has(index) && !lost.has(index) && !running.has(index)) delayed.set(index, pod);
  }
  return { known, done, lost, delayed };
}

/** Whether a failed pod was the last that its index may have. */
function losesIndex(job: Job, pod: Pod): boolean {
  if (!isFailed(pod, job)) return false;
  const { counts, action } = failureVerdict(job, pod);
  if (action === "FailIndex") return true;
  return counts && failuresBefore(pod).counted >= (job.spec.backoffLimitPerIndex ?? 0);
}

export function conditionNow(type: string, reason: string, message: string, now: Micros): Condition {
  const at = rfc3339(now);
  return { type, status: "True", reason, message, lastProbeTime: at, lastTransitionTime: at };
}

/** In how many seconds the job has run for too long; 0 where it has. */
export function deadlineIn({ job, draft, now }: Look): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec;
  if (activeDeadlineSeconds === undefined || suspend || draft.startTime === undefined) return undefined;
  const end = (parseRfc3339(draft.startTime) ?? now) + activeDeadlineSeconds * SECOND;
  return Math.max(0, end - now) / SECOND;
}
