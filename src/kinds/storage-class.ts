import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { StorageClass } from "./types/core.ts";

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
  columns: [
    { ...nameColumn, cell: (object) => (isDefault(object) ? `${object.metadata.name} (default)` : object.metadata.name) },
    column("Provisioner", (object) => object.provisioner),
    column("ReclaimPolicy", (object) => object.reclaimPolicy ?? "Delete"),
    column("VolumeBindingMode", (object) => object.volumeBindingMode ?? "Immediate"),
    { name: "AllowVolumeExpansion", cell: (object) => object.allowVolumeExpansion ?? false },
    ageColumn,
  ],
};

function isDefault(object: { metadata: { annotations?: Record<string, string> } }): boolean {
  return defaultMarks.some((mark) => object.metadata.annotations?.[mark] === "true");
}
