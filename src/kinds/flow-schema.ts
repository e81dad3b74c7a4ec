import { rfc3339 } from "../base/time.ts";
import { ageColumn, column, nameColumn } from "./cells.ts";
import type { AdmitTools, Kind } from "./define.ts";
import { danglingCondition } from "./flow-control.ts";
import { flowSchemaProblems } from "./flow-schema/problems.ts";
import { conditionOf } from "./labels.ts";
import type { FlowSchema } from "./types/flow-control.ts";

/** Which requests the API server serves at which priority level. Requests are not limited in the lab. */
export const flowSchema: Kind<FlowSchema> = {
  kind: "FlowSchema",
  plural: "flowschemas",
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  namespaced: false,
  subresources: [{ name: "status", kind: "FlowSchema", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {};
    object.spec.matchingPrecedence ||= 1000;
  },
  prepareForCreate(object) {
    object.status = {};
  },
  allocate: lookForLevel,
  problems: flowSchemaProblems,
  columns: [
    nameColumn,
    column("PriorityLevel", ({ spec }) => spec.priorityLevelConfiguration?.name ?? ""),
    column("MatchingPrecedence", ({ spec }) => spec.matchingPrecedence ?? 0),
    column("DistinguisherMethod", ({ spec }) => spec.distinguisherMethod?.type ?? "<none>"),
    ageColumn,
    column("MissingPL", (object) => conditionOf(object, "Dangling")?.status ?? "?"),
  ],
  rowOrder: (a, b) => (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0),
};

function lookForLevel(object: FlowSchema, _old: FlowSchema | undefined, tools: AdmitTools): void {
  const level = object.spec.priorityLevelConfiguration?.name ?? "";
  const found = tools.get("flowcontrol.apiserver.k8s.io/v1", "prioritylevelconfigurations", undefined, level);
  const next = danglingCondition(level, found !== undefined, rfc3339(tools.now));
  if (conditionOf(object, "Dangling")?.message !== next.message) object.status = { conditions: [next] };
}
