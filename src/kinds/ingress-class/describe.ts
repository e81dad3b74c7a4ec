import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { IngressClass } from "../types/network.ts";

/** The text of `kubectl describe ingressclass`. */
export function* describeIngressClass(object: IngressClass, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Controller", spec?.controller ?? "");
  if (spec?.parameters) {
    const { apiGroup, kind, name } = spec.parameters;
    w.line(0, "Parameters:");
    if (apiGroup !== undefined) w.field(1, "APIGroup", apiGroup);
    w.field(1, "Kind", kind);
    w.field(1, "Name", name);
  }
  writeEvents(w, events, options.now);
  return w.text();
}
