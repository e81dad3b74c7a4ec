import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import type { ServiceCidr } from "../types/service-cidr.ts";

/** The text of `kubectl describe servicecidr`. */
export function* describeServiceCidr(object: ServiceCidr, options: DescribeOptions): Describing {
  const { metadata, spec, status } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "CIDRs", (spec.cidrs ?? []).join(", "));
  const conditions = status?.conditions ?? [];
  if (conditions.length > 0) {
    w.line(0, "Status:");
    w.line(0, "Conditions:");
    w.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
    w.line(1, "----\t------\t------------------\t------\t-------");
    for (const { type, status, lastTransitionTime, reason = "", message = "" } of conditions)
      w.line(1, `${type}\t${status}\t${dateText(lastTransitionTime)}\t${reason}\t${message}`);
  }
  writeEvents(w, events, options.now);
  return w.text();
}
