import { parseQuantity } from "../base/quantity.ts";
import { column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import { equal } from "./equal.ts";
import { immutable, required, wrong } from "./problem.ts";
import type { CSIStorageCapacity } from "./types/storage.ts";
import { check, checkSelector } from "./validation/labels.ts";
import { dnsSubdomain, notNegative } from "./validation/words.ts";

/** How much storage of a class there is in a part of the cluster, as its driver says. */
export const csiStorageCapacity: Kind<CSIStorageCapacity> = {
  kind: "CSIStorageCapacity",
  plural: "csistoragecapacities",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: true,
  problems(object) {
    const problems: Problem[] = [];
    checkSelector(object.nodeTopology, "nodeTopology", problems);
    if (object.storageClassName) check(dnsSubdomain, object.storageClassName, "storageClassName", problems);
    else problems.push(required("storageClassName"));
    for (const field of ["capacity", "maximumVolumeSize"] as const) {
      const text = object[field];
      if (text !== undefined && parseQuantity(text).nanos < 0n) problems.push(wrong(field, text, notNegative));
    }
    return problems;
  },
  problemsOfUpdate(object, old) {
    const problems: Problem[] = [];
    if (!equal(object.nodeTopology, old.nodeTopology))
      problems.push(immutable("nodeTopology", object.nodeTopology ?? null));
    if (object.storageClassName !== old.storageClassName)
      problems.push(immutable("storageClassName", object.storageClassName));
    return problems;
  },
  columns: [
    nameColumn,
    column("StorageClassName", (object) => object.storageClassName),
    column("Capacity", (object) => object.capacity ?? "<unset>"),
  ],
  describe: describeGeneric,
};
