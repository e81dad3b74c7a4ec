import { humanDuration } from "../../base/human-duration.ts";
import { parseRfc3339 } from "../../base/time.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { writePodTemplate } from "../describe/pod-template.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import { selectorText } from "../label-selector.ts";
import { controllerOf } from "../labels.ts";
import type { Job } from "../types/batch.ts";

/** The text of `kubectl describe job`. */
export function* describeJob(object: Job, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  w.field(0, "Selector", selectorText(spec.selector));
  writeLabelsAndAnnotations(w, metadata);
  const owner = controllerOf(object);
  if (owner) w.field(0, "Controlled By", `${owner.kind}/${owner.name}`);
  if (spec.parallelism !== undefined) w.field(0, "Parallelism", spec.parallelism);
  w.field(0, "Completions", spec.completions ?? "<unset>");
  if (spec.completionMode !== undefined) w.field(0, "Completion Mode", spec.completionMode);
  if (spec.suspend !== undefined) w.field(0, "Suspend", spec.suspend);
  if (spec.backoffLimit !== undefined) w.field(0, "Backoff Limit", spec.backoffLimit);
  if (spec.ttlSecondsAfterFinished !== undefined)
    w.field(0, "TTL Seconds After Finished", spec.ttlSecondsAfterFinished);
  writeProgress(w, object);
  writePodTemplate(w, spec.template);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeProgress(w: Writer, { spec, status = {} }: Job): void {
  const { startTime, completionTime, active = 0, succeeded = 0, failed = 0, ready } = status;
  if (startTime) w.field(0, "Start Time", dateText(startTime));
  if (completionTime) w.field(0, "Completed At", dateText(completionTime));
  if (startTime && completionTime) {
    const length = (parseRfc3339(completionTime) ?? 0) - (parseRfc3339(startTime) ?? 0);
    w.field(0, "Duration", humanDuration(length));
  }
  if (spec.activeDeadlineSeconds !== undefined) w.field(0, "Active Deadline Seconds", `${spec.activeDeadlineSeconds}s`);
  const running = ready === undefined ? `${active} Active` : `${active} Active (${ready} Ready)`;
  w.field(0, "Pods Statuses", `${running} / ${succeeded} Succeeded / ${failed} Failed`);
  if (spec.completionMode === "Indexed") w.field(0, "Completed Indexes", shortened(status.completedIndexes ?? ""));
}

/** At most the first 50 characters of indexes, cut behind a comma. */
function shortened(indexes: string): string {
  if (indexes === "") return "<none>";
  const comma = indexes.indexOf(",", 50);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}
