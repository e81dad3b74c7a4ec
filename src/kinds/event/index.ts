import type { Kind } from "../define.ts";
import type { Event } from "../types/core.ts";
import { eventColumns } from "./columns.ts";
import { eventDefaults, eventProblems } from "./problems.ts";

/** Something that happened to an object. */
export const event: Kind<Event> = {
  kind: "Event",
  plural: "events",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["ev"],
  defaults: eventDefaults,
  problems: eventProblems,
  nameRule: "path",
  selectable: selectableOfEvent,
  columns: eventColumns,
};

function selectableOfEvent(object: Event): Record<string, string> {
  const involved = object.involvedObject;
  return {
    "involvedObject.kind": involved.kind ?? "",
    "involvedObject.namespace": involved.namespace ?? "",
    "involvedObject.name": involved.name ?? "",
    "involvedObject.uid": involved.uid ?? "",
    "involvedObject.apiVersion": involved.apiVersion ?? "",
    "involvedObject.resourceVersion": involved.resourceVersion ?? "",
    "involvedObject.fieldPath": involved.fieldPath ?? "",
    reason: object.reason ?? "",
    reportingComponent: object.reportingComponent ?? "",
    source: object.source?.component || object.reportingComponent || "",
    type: object.type ?? "",
  };
}
