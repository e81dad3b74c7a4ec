import type { Micros } from "../../base/clock.ts";
import { compareText } from "../../base/go-text.ts";
import { ageOf } from "../cells.ts";
import type { Event } from "../types/core.ts";
import type { Writer } from "./writer.ts";

/** The table of events at the end of a describe, oldest first (kubectl pkg/describe DescribeEvents, 1.33). */
export function writeEvents(w: Writer, events: readonly Event[] | undefined, now: Micros): void {
  if (!events) return;
  if (events.length === 0) {
    w.field(0, "Events", "<none>");
    return;
  }
  w.flush();
  w.add(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
  w.line(1, "----\t------\t----\t----\t-------");
  for (const event of events.toSorted((a, b) => compareText(a.lastTimestamp ?? "", b.lastTimestamp ?? ""))) {
    const from = event.source?.component || event.reportingComponent || "";
    const message = (event.message ?? "").trim();
    w.line(1, `${event.type ?? ""}\t${event.reason ?? ""}\t${whenText(event, now)}\t${from}\t${message}`);
  }
}

/** `5s (x3 over 2m)` for what happened several times. */
function whenText({ series, count = 0, ...event }: Event, now: Micros): string {
  const first = ageOf(event.eventTime || event.firstTimestamp, now);
  if (series) return `${ageOf(series.lastObservedTime, now)} (x${series.count} over ${first})`;
  return count > 1 ? `${ageOf(event.lastTimestamp, now)} (x${count} over ${first})` : first;
}
