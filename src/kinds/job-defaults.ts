import type { JobSpec } from "./types/batch.ts";

const MOST = 2_147_483_647;

/** What of a job's own spec is filled in (batch/v1 SetDefaults_Job, 1.35). A cron job's template of jobs has none of it. */
export function jobSpecDefaults(spec: JobSpec): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : MOST;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  failurePolicyDefaults(spec);
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  spec.manualSelector ??= false;
}

/** A condition of a pod is meant to be True where nothing else is said. */
export function failurePolicyDefaults({ podFailurePolicy }: JobSpec): void {
  for (const { onPodConditions = [] } of podFailurePolicy?.rules ?? [])
    for (const pattern of onPodConditions) pattern.status ||= "True";
}
