import { conditionOf } from "./labels.ts";
import type { Job } from "./types/batch.ts";

/** Whether a condition of a job is True. */
export function jobIs(job: Job, type: string): boolean {
  return conditionOf(job, type)?.status === "True";
}

/** How a job ended, if it has. */
export function endOf(job: Job): "Complete" | "Failed" | undefined {
  if (!job.status?.conditions) return undefined;
  const end = job.status.conditions.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  return end?.type as "Complete" | "Failed" | undefined;
}
