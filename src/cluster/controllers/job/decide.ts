import { conditionOf } from "../../../kinds/labels.ts";
import type { Job } from "../../../kinds/types/batch.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import { conditionNow, deadlineIn, type Look } from "./look.ts";
import { isFailed, isIndexed } from "./pods.ts";
import { failureVerdict, successReached } from "./policies.ts";

/** How a job ends: as a look before has found, or as its limits and policies say now (job_controller.go syncJob, 1.35). */
export function verdictOn(look: Look): Condition | undefined {
  const { job, now } = look;
  const met = trueOf(job, "SuccessCriteriaMet");
  if (met) return met;
  const target = trueOf(job, "FailureTarget");
  if (target) return { ...conditionNow("Failed", target.reason ?? "", target.message ?? "", now) };
  const fails = (reason: string, message: string) => conditionNow("FailureTarget", reason, message, now);
  for (const pod of look.pods) {
    const why = isFailed(pod, job) ? failureVerdict(job, pod).failsJob : undefined;
    if (why !== undefined) return fails("PodFailurePolicy", why);
  }
  if (look.failed > (job.spec.backoffLimit ?? 6) || restartedTooOften(job, look.pods))
    return fails("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  if (deadlineIn(look) === 0) return fails("DeadlineExceeded", "Job was active longer than specified deadline");
  return isIndexed(job) ? verdictOnIndexes(look) : undefined;
}

function verdictOnIndexes({ job, now, lost, done }: Look): Condition | undefined {
  const { maxFailedIndexes, completions = 0 } = job.spec;
  const fails = (reason: string, message: string) => conditionNow("FailureTarget", reason, message, now);
  if (lost && maxFailedIndexes !== undefined && lost.size > maxFailedIndexes)
    return fails("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
  if (lost && lost.size > 0 && lost.size + done.size >= completions)
    return fails("FailedIndexes", "Job has failed indexes");
  const reached = successReached(job, done);
  return reached === undefined ? undefined : conditionNow("SuccessCriteriaMet", "SuccessPolicy", reached, now);
}

function trueOf(job: Job, type: string): Condition | undefined {
  const condition = conditionOf(job, type);
  return condition?.status === "True" ? condition : undefined;
}

/** With OnFailure the containers' restarts count against the limit. */
function restartedTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== "OnFailure") return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
    for (const { restartCount } of status.initContainerStatuses ?? []) restarts += restartCount;
    for (const { restartCount } of status.containerStatuses ?? []) restarts += restartCount;
  }
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= (spec.backoffLimit ?? 6);
}
