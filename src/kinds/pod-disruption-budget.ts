import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { describePodDisruptionBudget } from "./pod-disruption-budget/describe.ts";
import type { IntOrString } from "./types/meta.ts";
import type { PodDisruptionBudget } from "./types/policy.ts";
import { budgetProblems } from "./validation/budget.ts";

/** How many of an application's pods may be away at the same time by somebody's will. */
export const podDisruptionBudget: Kind<PodDisruptionBudget> = {
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  group: "policy",
  version: "v1",
  namespaced: true,
  short: ["pdb"],
  subresources: [{ name: "status", kind: "PodDisruptionBudget", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  needsVersion: true,
  defaults(object) {
    object.spec ??= {};
    object.status ??= emptyStatus();
  },
  prepareForCreate(object) {
    object.status = emptyStatus();
  },
  problems: budgetProblems,
  columns: [
    nameColumn,
    column("Min Available", ({ spec }) => shareText(spec.minAvailable)),
    column("Max Unavailable", ({ spec }) => shareText(spec.maxUnavailable)),
    count("Allowed Disruptions", ({ status }) => status?.disruptionsAllowed),
    ageColumn,
  ],
  describe: describePodDisruptionBudget,
};

/** Numbers that the API writes even where they are zero. */
function emptyStatus(): NonNullable<PodDisruptionBudget["status"]> {
  return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
}

function shareText(share: IntOrString | undefined): string {
  return share === undefined ? "N/A" : String(share);
}
