import { parseRfc3339 } from "../../../base/time.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { AdmissionPlugin, AdmissionTools } from "../define.ts";

const marks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** A claim that names no class gets the default one, the newest of several (plugin/pkg/admission/storage/setdefault, 1.35). */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  only: ["persistentvolumeclaims"],
  mutate({ operation, kind, object, subresource }, server) {
    if (operation !== "CREATE" || kind.group !== "" || kind.plural !== "persistentvolumeclaims") return;
    if (subresource || !object) return;
    const { metadata, spec } = object as PersistentVolumeClaim;
    const old = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
    if (spec.storageClassName !== undefined || old !== undefined) return;
    const found = newestDefault(server);
    if (found) spec.storageClassName = found.metadata.name;
  },
};

function newestDefault(server: AdmissionTools): StorageClass | undefined {
  const candidates = server
    .list<StorageClass>("storageclasses.storage.k8s.io")
    .filter(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === "true"));
  const age = ({ metadata }: StorageClass) => parseRfc3339(metadata.creationTimestamp ?? "") ?? 0;
  return [...candidates].sort((a, b) => age(b) - age(a) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}
