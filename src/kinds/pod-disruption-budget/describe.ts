import { formatSelector } from "../../base/selector.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { PodDisruptionBudget } from "../types/policy.ts";

/** The text of `kubectl describe poddisruptionbudget`. */
export function* describePodDisruptionBudget(object: PodDisruptionBudget, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  if (spec.minAvailable !== undefined) w.field(0, "Min available", spec.minAvailable);
  else if (spec.maxUnavailable !== undefined) w.field(0, "Max unavailable", spec.maxUnavailable);
  w.field(0, "Selector", spec.selector ? formatSelector(spec.selector) : "<unset>");
  w.line(0, "Status:");
  w.field(2, "Allowed disruptions", status?.disruptionsAllowed ?? 0);
  w.field(2, "Current", status?.currentHealthy ?? 0);
  w.field(2, "Desired", status?.desiredHealthy ?? 0);
  w.field(2, "Total", status?.expectedPods ?? 0);
  writeEvents(w, events, options.now);
  return w.text();
}
