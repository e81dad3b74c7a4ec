import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { VolumeAttributesClass } from "../types/storage.ts";

/** The text of `kubectl describe volumeattributesclass` (pkg/describe VolumeAttributesClassDescriber, 1.33). */
export function* describeVolumeAttributesClass(object: VolumeAttributesClass, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", object.metadata.name);
  w.field(0, "Annotations", labelsOrNone(object.metadata.annotations));
  w.field(0, "DriverName", object.driverName);
  w.field(0, "Parameters", labelsOrNone(object.parameters));
  writeEvents(w, events, options.now);
  return w.text();
}
