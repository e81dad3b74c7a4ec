import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { PriorityClass } from "../types/core.ts";

/** The text of `kubectl describe priorityclass`. */
export function* describePriorityClass(object: PriorityClass, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", object.metadata.name);
  w.field(0, "Value", object.value);
  w.field(0, "GlobalDefault", object.globalDefault ?? false);
  w.field(0, "PreemptionPolicy", object.preemptionPolicy ?? "");
  w.field(0, "Description", object.description ?? "");
  w.field(0, "Annotations", labelsOrNone(object.metadata.annotations));
  writeEvents(w, events, options.now);
  return w.text();
}
