import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { forbidden, immutable, required, unsupported, wrong } from "./problem.ts";
import { describeStorageClass } from "./storage-class/describe.ts";
import type { StorageClass } from "./types/core.ts";
import { labelKey } from "./validation/words.ts";

const defaultMarks = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** A way of making volumes on demand. */
export const storageClass: Kind<StorageClass> = {
  kind: "StorageClass",
  plural: "storageclasses",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["sc"],
  defaults(object) {
    object.reclaimPolicy ??= "Delete";
    object.volumeBindingMode ??= "Immediate";
  },
  problems(object) {
    const problems: Problem[] = [];
    if (!object.provisioner) problems.push(required("provisioner"));
    else
      for (const detail of labelKey(object.provisioner.toLowerCase()))
        problems.push(wrong("provisioner", object.provisioner, detail));
    for (const key in object.parameters)
      if (key === "") problems.push(wrong("parameters", key, "field can not be empty."));
    if (object.reclaimPolicy !== "Delete" && object.reclaimPolicy !== "Retain")
      problems.push(unsupported("reclaimPolicy", object.reclaimPolicy ?? "", ["Delete", "Retain"]));
    const modes = ["Immediate", "WaitForFirstConsumer"];
    if (!modes.includes(object.volumeBindingMode ?? ""))
      problems.push(unsupported("volumeBindingMode", object.volumeBindingMode ?? "", modes));
    return problems;
  },
  problemsOfUpdate(object, old) {
    const problems: Problem[] = [];
    if (!equal(object.parameters ?? {}, old.parameters ?? {}))
      problems.push(forbidden("parameters", "updates to parameters are forbidden."));
    if (object.provisioner !== old.provisioner)
      problems.push(forbidden("provisioner", "updates to provisioner are forbidden."));
    if (object.reclaimPolicy !== old.reclaimPolicy)
      problems.push(forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden."));
    if (object.volumeBindingMode !== old.volumeBindingMode)
      problems.push(immutable("volumeBindingMode", object.volumeBindingMode));
    return problems;
  },
  columns: [
    {
      ...nameColumn,
      cell: (object) => (isDefault(object) ? `${object.metadata.name} (default)` : object.metadata.name),
    },
    column("Provisioner", (object) => object.provisioner),
    column("ReclaimPolicy", (object) => object.reclaimPolicy ?? "Delete"),
    column("VolumeBindingMode", (object) => object.volumeBindingMode ?? "Immediate"),
    { name: "AllowVolumeExpansion", cell: (object) => object.allowVolumeExpansion ?? false },
    ageColumn,
  ],
  describe: (object, options) => describeStorageClass(object, isDefault(object), options),
};

function isDefault(object: { metadata: { annotations?: Record<string, string> } }): boolean {
  return defaultMarks.some((mark) => object.metadata.annotations?.[mark] === "true");
}
