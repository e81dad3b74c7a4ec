import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { PriorityClass } from "./types/core.ts";

/** How important pods are to the scheduler. */
export const priorityClass: Kind<PriorityClass> = {
  kind: "PriorityClass",
  plural: "priorityclasses",
  group: "scheduling.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["pc"],
  defaults(object) {
    object.preemptionPolicy ??= "PreemptLowerPriority";
  },
  columns: [
    nameColumn,
    count("Value", (object) => object.value),
    { name: "Global-Default", type: "boolean", cell: (object) => object.globalDefault ?? false },
    ageColumn,
    column("PreemptionPolicy", (object) => object.preemptionPolicy ?? ""),
  ],
};
