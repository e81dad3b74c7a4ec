import type { PersistentVolume } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

const FINALIZER = "kubernetes.io/pv-protection";

/** Keeps volumes that are being deleted while a claim is bound to them (kubernetes pkg/controller/volume/pvprotection, 1.35). */
export const volumeProtection: Controller<PersistentVolume> = {
  name: "persistentvolume-protection-controller",
  account: "pv-protection-controller",
  for: "persistentvolumes",
  concerns: (_volume, _old, type) => type !== "DELETED",
  reconcile(api, volume) {
    if (!volume) return undefined;
    const { deletionTimestamp, finalizers = [] } = volume.metadata;
    const held = finalizers.includes(FINALIZER);
    const next = deletionTimestamp ? finalizers.filter((name) => name !== FINALIZER) : [...finalizers, FINALIZER];
    const acts = deletionTimestamp ? held && volume.status?.phase !== "Bound" : !held;
    if (acts)
      api.modify<PersistentVolume>(volume, (now) => ({ ...now, metadata: { ...now.metadata, finalizers: next } }));
    return undefined;
  },
};
