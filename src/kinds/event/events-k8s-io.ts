import type { Kind } from "../define.ts";
import type { Event } from "../types/core.ts";
import type { KubeObject } from "../types/meta.ts";
import { eventColumns } from "./columns.ts";
import { selectableOfEvent } from "./selectable.ts";

/** The events of events.k8s.io: core Events under newer names. What the new form lacks is named deprecated there. */
export const eventsEvent: Kind<Event> = {
  kind: "Event",
  plural: "events",
  group: "events.k8s.io",
  version: "v1",
  namespaced: true,
  short: ["ev"],
  columns: eventColumns.map((column) => ({ ...column, cell: (object, now) => column.cell(coreOf(object), now) })),
  selectable,
  storedAs: { group: "", version: "v1", toStored, fromStored },
};

function coreOf(object: Event): Event {
  return object.apiVersion === "v1" ? object : (toStored(object) as Event);
}

/** What the newer form calls the fields that may be selected. */
function selectable(object: Event): Record<string, string> {
  const result: Record<string, string> = {};
  const core = selectableOfEvent(coreOf(object));
  for (const key in core) result[key.replace(/^involvedObject\./, "regarding.")] = core[key] ?? "";
  const { source, reportingComponent, ...others } = result;
  return { ...others, reportingController: reportingComponent ?? source ?? "" };
}

/** New name, core name (kubernetes pkg/apis/events/v1/conversion.go, 1.35). */
const renamed: readonly (readonly [string, string])[] = [
  ["note", "message"],
  ["regarding", "involvedObject"],
  ["reportingController", "reportingComponent"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
];
const toCore: Readonly<Record<string, string>> = Object.fromEntries(renamed);
const toNew: Readonly<Record<string, string>> = Object.fromEntries(renamed.map(([to, from]) => [from, to]));

function toStored(object: KubeObject): KubeObject {
  return { ...translate(object, toCore), apiVersion: "v1" };
}

function fromStored(object: KubeObject): KubeObject {
  return { ...translate(object, toNew), apiVersion: "events.k8s.io/v1" };
}

function translate(object: KubeObject, names: Readonly<Record<string, string>>): KubeObject {
  const result: Record<string, unknown> = {};
  for (const key in object) result[names[key] ?? key] = object[key];
  return result as KubeObject;
}
