import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describePriorityClass } from "./priority-class/describe.ts";
import { forbidden, immutable, unsupported } from "./problem.ts";
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
    object.value ??= 0;
    object.preemptionPolicy ??= "PreemptLowerPriority";
  },
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  problems: problemsOf,
  problemsOfUpdate(object, old) {
    const problems: Problem[] = [];
    if (object.value !== old.value) problems.push(forbidden("value", "may not be changed in an update."));
    if (object.preemptionPolicy !== old.preemptionPolicy)
      problems.push(immutable("preemptionPolicy", object.preemptionPolicy));
    return problems;
  },
  columns: [
    nameColumn,
    count("Value", (object) => object.value),
    { name: "Global-Default", type: "boolean", cell: (object) => object.globalDefault ?? false },
    ageColumn,
    column("PreemptionPolicy", (object) => object.preemptionPolicy ?? ""),
  ],
  describe: describePriorityClass,
};

/** The two classes that every cluster has. */
const systemClasses: Readonly<Record<string, number>> = {
  "system-node-critical": 2000001000,
  "system-cluster-critical": 2000000000,
};
const highestUserValue = 1000000000;

/** Names and values that only the system uses (scheduling validation ValidatePriorityClass, 1.35). */
function problemsOf(object: PriorityClass): readonly Problem[] {
  const problems: Problem[] = [];
  const { name } = object.metadata;
  if (name.startsWith("system-")) {
    const reserved = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    const known = systemClasses[name];
    if (known === undefined) {
      problems.push(forbidden("metadata.name", `${reserved}${name} is not a known system priority class`));
    } else if (object.value !== known) {
      problems.push(forbidden("metadata.name", `${reserved}value of ${name} PriorityClass must be ${known}`));
    } else if (object.globalDefault) {
      problems.push(forbidden("metadata.name", `${reserved}globalDefault of ${name} PriorityClass must be false`));
    }
  } else if (object.value > highestUserValue)
    problems.push(forbidden("value", `maximum allowed value of a user defined priority is ${highestUserValue}`));
  const policies = ["PreemptLowerPriority", "Never"];
  if (!policies.includes(object.preemptionPolicy ?? ""))
    problems.push(unsupported("preemptionPolicy", object.preemptionPolicy ?? "", policies));
  return problems;
}
