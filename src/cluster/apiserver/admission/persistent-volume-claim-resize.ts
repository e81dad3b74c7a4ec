import { compareQuantity, parseQuantity } from "../../../base/quantity.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { AdmissionPlugin, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";
import { nameIn } from "./requests.ts";

const annotation = "volume.beta.kubernetes.io/storage-class";

/** Claims grow where their class allows it (kubernetes plugin/pkg/admission/storage/persistentvolume/resize, 1.35). */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  only: ["persistentvolumeclaims"],
  validate(request, server) {
    const { operation, kind, subresource, object, old } = request;
    if (operation !== "UPDATE" || kind.group !== "" || kind.plural !== "persistentvolumeclaims" || subresource) return;
    const [claim, before] = [object as PersistentVolumeClaim, old as PersistentVolumeClaim];
    if (claim.spec === before.spec || compareQuantity(sizeOf(claim), sizeOf(before)) <= 0) return;
    if (before.status?.phase !== "Bound")
      throw forbidden(kind, nameIn(request), "Only bound persistent volume claims can be expanded");
    if (mayGrow(claim, before, server)) return;
    const why =
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    throw forbidden(kind, nameIn(request), why);
  },
};

function sizeOf({ spec }: PersistentVolumeClaim) {
  return parseQuantity(spec.resources?.requests?.storage ?? "0");
}

function mayGrow(claim: PersistentVolumeClaim, before: PersistentVolumeClaim, server: AdmissionTools): boolean {
  const name = classOf(claim);
  if (name === "" || name !== classOf(before)) return false;
  const found = server.get<StorageClass>("storageclasses.storage.k8s.io", undefined, name);
  return found?.allowVolumeExpansion === true;
}

function classOf({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.[annotation] ?? spec.storageClassName ?? "";
}
