import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { IpAddress } from "../types/service-cidr.ts";

/** The text of `kubectl describe ipaddress`. */
export function* describeIpAddress(object: IpAddress, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  writeLabelsAndAnnotations(w, metadata);
  if (spec.parentRef) {
    const { group = "", resource = "", namespace = "", name = "" } = spec.parentRef;
    w.line(0, "Parent Reference:");
    w.field(1, "Group", group);
    w.field(1, "Resource", resource);
    w.field(1, "Namespace", namespace);
    w.field(1, "Name", name);
  }
  writeEvents(w, events, options.now);
  return w.text();
}
