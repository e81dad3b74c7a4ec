import { accessModesText, ageColumn, column, nameColumn, wide } from "./cells.ts";
import { claimSpecDefaults } from "./defaults/volumes.ts";
import type { Kind } from "./define.ts";
import { describePersistentVolumeClaim } from "./persistent-volume-claim/describe.ts";
import type { PersistentVolumeClaim } from "./types/core.ts";
import { claimProblems, claimProblemsOfUpdate } from "./validation/persistent-volume-claim.ts";
import { claimWarnings } from "./validation/storage-warnings.ts";

/** What a namespace asks of storage. */
export const persistentVolumeClaim: Kind<PersistentVolumeClaim> = {
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["pvc"],
  subresources: [{ name: "status", kind: "PersistentVolumeClaim", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= {};
    claimSpecDefaults(object.spec);
    object.status ??= {};
    object.status.phase ||= "Pending";
  },
  prepareForCreate(object) {
    object.status = { phase: "Pending" };
  },
  problems: claimProblems,
  problemsOfUpdate: claimProblemsOfUpdate,
  warnings: claimWarnings,
  columns: [
    nameColumn,
    column("Status", (object) => (object.metadata.deletionTimestamp ? "Terminating" : (object.status?.phase ?? ""))),
    column("Volume", (object) => object.spec.volumeName ?? ""),
    column("Capacity", (object) => (object.spec.volumeName ? (object.status?.capacity?.storage ?? "0") : "")),
    column("Access Modes", (object) => (object.spec.volumeName ? accessModesText(object.status?.accessModes) : "")),
    column("StorageClass", (object) => object.spec.storageClassName ?? ""),
    column("VolumeAttributesClass", (object) => object.spec.volumeAttributesClassName ?? "<unset>"),
    ageColumn,
    wide("VolumeMode", (object) => object.spec.volumeMode ?? "<unset>"),
  ],
  describe: describePersistentVolumeClaim,
};
