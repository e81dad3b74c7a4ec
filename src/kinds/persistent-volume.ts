import { accessModesText, ageColumn, column, nameColumn, wide } from "./cells.ts";
import { canonicalList } from "./defaults/quantities.ts";
import type { Kind } from "./define.ts";
import { describePersistentVolume } from "./persistent-volume/describe.ts";
import type { PersistentVolume } from "./types/core.ts";
import { volumeProblems, volumeProblemsOfUpdate } from "./validation/persistent-volume.ts";
import { volumeWarnings } from "./validation/storage-warnings.ts";

/** A piece of storage of the cluster. */
export const persistentVolume: Kind<PersistentVolume> = {
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  group: "",
  version: "v1",
  namespaced: false,
  short: ["pv"],
  subresources: [{ name: "status", kind: "PersistentVolume", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= {};
    const { spec } = object;
    spec.persistentVolumeReclaimPolicy ??= "Retain";
    spec.volumeMode ??= "Filesystem";
    canonicalList(spec.capacity);
    if (spec.hostPath) spec.hostPath.type ??= "";
    object.status ??= {};
    object.status.phase ||= "Pending";
  },
  prepareForCreate(object) {
    object.status = { phase: "Pending" };
  },
  problems: volumeProblems,
  problemsOfUpdate: volumeProblemsOfUpdate,
  warnings: volumeWarnings,
  columns: [
    nameColumn,
    column("Capacity", (object) => object.spec.capacity?.storage ?? "0"),
    column("Access Modes", (object) => accessModesText(object.spec.accessModes)),
    column("Reclaim Policy", (object) => object.spec.persistentVolumeReclaimPolicy ?? ""),
    column("Status", (object) => (object.metadata.deletionTimestamp ? "Terminating" : (object.status?.phase ?? ""))),
    column("Claim", (object) =>
      object.spec.claimRef ? `${object.spec.claimRef.namespace ?? ""}/${object.spec.claimRef.name ?? ""}` : "",
    ),
    column("StorageClass", (object) => object.spec.storageClassName ?? ""),
    column("VolumeAttributesClass", (object) => object.spec.volumeAttributesClassName ?? "<unset>"),
    column("Reason", (object) => object.status?.reason ?? ""),
    ageColumn,
    wide("VolumeMode", (object) => object.spec.volumeMode ?? "<unset>"),
  ],
  describe: describePersistentVolume,
};
