import type { Micros } from "../../base/clock.ts";
import { ageOf, column, nameColumn, wide } from "../cells.ts";
import type { Column } from "../define.ts";
import type { Event } from "../types/core.ts";

/** The columns of events. */
export const eventColumns: readonly Column<Event>[] = [
  column("Last Seen", lastSeen),
  column("Type", (event) => event.type ?? ""),
  column("Reason", (event) => event.reason ?? ""),
  column("Object", objectText),
  wide("Subobject", (event) => event.involvedObject.fieldPath ?? ""),
  wide("Source", sourceText),
  column("Message", (event) => (event.message ?? "").trim()),
  wide("First Seen", firstSeen),
  wide("Count", (event) => event.series?.count ?? (event.count || 1)),
  { ...nameColumn, wide: true },
];

function firstSeen(event: Event, now: Micros): string {
  return ageOf(event.firstTimestamp ?? event.eventTime, now);
}

function lastSeen(event: Event, now: Micros): string {
  if (event.series) return ageOf(event.series.lastObservedTime, now);
  return event.lastTimestamp ? ageOf(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText({ involvedObject }: Event): string {
  const kind = (involvedObject.kind ?? "").toLowerCase();
  return involvedObject.name ? `${kind}/${involvedObject.name}` : kind;
}

function sourceText(event: Event): string {
  const component = event.source?.component || event.reportingComponent || "";
  const host = event.source?.host || event.reportingInstance || "";
  return host ? `${component}, ${host}` : component;
}
