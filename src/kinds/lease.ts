import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { wrong } from "./problem.ts";
import type { Lease } from "./types/core.ts";

/** A claim that must be renewed: a node's heartbeat, a leader's office. */
export const lease: Kind<Lease> = {
  kind: "Lease",
  plural: "leases",
  group: "coordination.k8s.io",
  version: "v1",
  namespaced: true,
  defaults(object) {
    object.spec ??= {};
  },
  problems(object) {
    const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = object.spec ?? {};
    const problems: Problem[] = [];
    if (seconds !== undefined && seconds <= 0)
      problems.push(wrong("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
    if (transitions !== undefined && transitions < 0)
      problems.push(wrong("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
    return problems;
  },
  columns: [nameColumn, column("Holder", (object) => object.spec?.holderIdentity ?? ""), ageColumn],
};
