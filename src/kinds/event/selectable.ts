import type { Event } from "../types/core.ts";

/** What ?fieldSelector= may ask of events (kubernetes pkg/registry/core/event strategy.go, 1.35). */
export function selectableOfEvent(object: Event): Record<string, string> {
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
