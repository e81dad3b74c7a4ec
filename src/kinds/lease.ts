import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { Lease } from "./types/core.ts";

/** A claim that must be renewed: a node's heartbeat, a leader's office. */
export const lease: Kind<Lease> = {
  kind: "Lease",
  plural: "leases",
  group: "coordination.k8s.io",
  version: "v1",
  namespaced: true,
  columns: [nameColumn, column("Holder", (object) => object.spec?.holderIdentity ?? ""), ageColumn],
};
