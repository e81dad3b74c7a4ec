import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../kinds/types/core.ts";
import { CLASSES } from "../storage/define.ts";
import { classOf } from "../storage/match-volume.ts";
import type { Controller } from "./define.ts";

/** Leaves claims that want to grow to the resizer of their driver: no plugin within Kubernetes can (pkg/controller/volume/expand, 1.35). */
export const volumeExpander: Controller<PersistentVolumeClaim> = {
  name: "persistentvolume-expander-controller",
  account: "expand-controller",
  source: "volume_expand",
  for: "persistentvolumeclaims",
  concerns: (claim, old, type) =>
    type === "MODIFIED" && claim.spec.resources?.requests?.storage !== old?.spec.resources?.requests?.storage,
  reconcile(api, claim) {
    if (claim?.status?.phase !== "Bound") return undefined;
    const size = (text: string | undefined) => parseQuantity(text ?? "0");
    const [wanted, has] = [size(claim.spec.resources?.requests?.storage), size(claim.status.capacity?.storage)];
    if (compareQuantity(wanted, has) <= 0) return undefined;
    const volume = api.get<PersistentVolume>("persistentvolumes", undefined, claim.spec.volumeName ?? "");
    if (!volume || volume.spec.claimRef?.uid !== claim.metadata.uid) return undefined;
    const storageClass = api.get<StorageClass>(CLASSES, undefined, classOf(claim));
    if (!storageClass?.allowVolumeExpansion) return undefined;
    const message = "waiting for an external controller to expand this PVC";
    api.event(claim, { type: "Normal", reason: "ExternalExpanding", message });
    return undefined;
  },
};
