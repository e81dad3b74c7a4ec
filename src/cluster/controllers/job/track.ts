import { equal } from "../../../kinds/equal.ts";
import { indexesText } from "../../../kinds/job-indexes.ts";
import type { Job, JobStatus } from "../../../kinds/types/batch.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { conditionNow, type Draft, type Look } from "./look.ts";
import { indexOf, isFailed, isIndexed, isTracked, untrack } from "./pods.ts";
import { failureVerdict } from "./policies.ts";

/**
 * Counts the pods that have ended and lets them go: first the status says which are about to be counted, then they lose
 * their finalizers, then they are in the counters and the job may be over (trackJobStatusAndRemoveFinalizers, 1.35).
 */
export function track(look: Look, flushed: () => void): void {
  const { api, pods, draft } = look;
  const held = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ""));
  settle(draft, held);
  const counted = countEnded(look);
  const end = finalCondition(look);
  write(look);
  flushed();
  for (const pod of counted) {
    untrack(api, pod);
    held.delete(pod.metadata.uid ?? "");
  }
  settle(draft, held);
  const isOver = end !== undefined && uncountedOf(draft) === 0 && look.terminating === 0;
  if (end && isOver) {
    draft.conditions.push(end);
    if (end.type === "Complete" && end.lastTransitionTime) draft.completionTime = end.lastTransitionTime;
  }
  write(look);
  if (end && isOver) sayEnd(look, end);
}

function uncountedOf({ uncountedTerminatedPods: { succeeded, failed } }: Draft): number {
  return succeeded.length + failed.length;
}

/** Pods that are let go move from the list of the uncounted into the counters. */
function settle(draft: Draft, held: ReadonlySet<string>): void {
  const { uncountedTerminatedPods: uncounted } = draft;
  for (const outcome of ["succeeded", "failed"] as const) {
    const left = uncounted[outcome].filter((uid) => held.has(uid));
    draft[outcome] = (draft[outcome] ?? 0) + uncounted[outcome].length - left.length;
    uncounted[outcome] = left;
  }
}

/** Notes which pods have ended, and gives those that may be let go. */
function countEnded(look: Look): Pod[] {
  const { job, pods, draft, finished } = look;
  const { succeeded, failed } = draft.uncountedTerminatedPods;
  const done = new Set(look.known);
  const free: Pod[] = [];
  for (const pod of pods) {
    if (!isTracked(pod)) continue;
    const hasFailed = isFailed(pod, job);
    if (!mayGo(look, pod, hasFailed)) continue;
    free.push(pod);
    const { uid = "" } = pod.metadata;
    const index = indexOf(pod, job);
    const isCounted = succeeded.includes(uid) || failed.includes(uid) || (isIndexed(job) && index === undefined);
    if (pod.status?.phase === "Succeeded") {
      if (index !== undefined && isIndexed(job)) done.add(index);
      else if (!isCounted) succeeded.push(uid);
    } else if ((hasFailed || (finished && finished.type !== "SuccessCriteriaMet")) && !isCounted)
      if (failureVerdict(job, pod).counts) failed.push(uid);
  }
  if (isIndexed(job)) {
    draft.succeeded = done.size;
    draft.completedIndexes = indexesText(done);
    if (look.lost) draft.failedIndexes = indexesText(look.lost);
  }
  return free;
}

/** Whether nothing needs a pod's finalizer any more: a failed pod may have to wait for its successor. */
function mayGo({ job, finished, delayed }: Look, pod: Pod, hasFailed: boolean): boolean {
  if (job.metadata.deletionTimestamp || finished || pod.status?.phase === "Succeeded") return true;
  const index = indexOf(pod, job);
  return hasFailed && !(index !== undefined && delayed.get(index) === pod);
}

/** Before a job is Failed it has FailureTarget, before it is Complete SuccessCriteriaMet. */
function finalCondition({ finished, draft, now }: Look): Condition | undefined {
  if (!finished) return undefined;
  const { type, reason = "", message = "" } = finished;
  const interim = type === "FailureTarget" || type === "SuccessCriteriaMet";
  if (interim && !draft.conditions.some((known) => known.type === type)) draft.conditions.push(finished);
  if (type === "FailureTarget") return conditionNow("Failed", reason, message, now);
  return type === "SuccessCriteriaMet" ? conditionNow("Complete", reason, message, now) : finished;
}

function write({ api, job, draft }: Look): void {
  const status = statusOf(draft);
  api.modify<Job>(job, (now) => (equal(status, now.status) ? now : { ...now, status }), "status");
}

/** A draft as the API writes it: without counters that are 0 and lists that are empty. */
function statusOf(draft: Draft): JobStatus {
  const { conditions, uncountedTerminatedPods: uncounted, ...rest } = draft;
  const status: JobStatus = { ...rest };
  for (const key of ["active", "succeeded", "failed", "completedIndexes"] as const)
    if (!status[key]) delete status[key];
  const { succeeded, failed } = uncounted;
  status.uncountedTerminatedPods = {
    ...(succeeded.length > 0 ? { succeeded: [...succeeded] } : {}),
    ...(failed.length > 0 ? { failed: [...failed] } : {}),
  };
  return conditions.length > 0 ? { ...status, conditions: [...conditions] } : status;
}

function sayEnd({ api, job, draft }: Look, { type, reason = "", message = "" }: Condition): void {
  if (type !== "Complete") {
    api.event(job, { type: "Warning", reason, message });
    return;
  }
  if (job.spec.completions !== undefined && (draft.succeeded ?? 0) > job.spec.completions) {
    const what = "Too many succeeded pods running after completion count reached";
    api.event(job, { type: "Warning", reason: "TooManySucceededPods", message: what });
  }
  api.event(job, { type: "Normal", reason: "Completed", message: "Job completed" });
}
