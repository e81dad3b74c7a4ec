import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { selectorText } from "../label-selector.ts";
import type { CronJob } from "../types/batch.ts";

/** The text of `kubectl describe cronjob`. */
export function* describeCronJob(object: CronJob, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Schedule", spec.schedule);
  w.field(0, "Concurrency Policy", spec.concurrencyPolicy ?? "");
  w.field(0, "Suspend", spec.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False");
  w.field(0, "Successful Job History Limit", spec.successfulJobsHistoryLimit ?? "<unset>");
  w.field(0, "Failed Job History Limit", spec.failedJobsHistoryLimit ?? "<unset>");
  const deadline = spec.startingDeadlineSeconds;
  w.field(0, "Starting Deadline Seconds", deadline === undefined ? "<unset>" : `${deadline}s`);
  const job = spec.jobTemplate.spec;
  w.field(0, "Selector", job.selector ? selectorText(job.selector) : "<unset>");
  w.field(0, "Parallelism", job.parallelism ?? "<unset>");
  w.field(0, "Completions", job.completions ?? "<unset>");
  if (job.activeDeadlineSeconds !== undefined) w.field(0, "Active Deadline Seconds", `${job.activeDeadlineSeconds}s`);
  writePodTemplate(w, job.template);
  w.field(0, "Last Schedule Time", status?.lastScheduleTime ? dateText(status.lastScheduleTime) : "<unset>");
  w.field(0, "Active Jobs", (status?.active ?? []).map(({ name }) => name).join(", ") || "<none>");
  writeEvents(w, events, options.now);
  return w.text();
}
