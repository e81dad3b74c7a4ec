import type { PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { claimNamesOf } from "../storage/pod-claims.ts";
import type { Controller } from "./define.ts";

const FINALIZER = "kubernetes.io/pvc-protection";

/** Keeps claims that are being deleted until no pod uses them (kubernetes pkg/controller/volume/pvcprotection, 1.35). */
export const volumeClaimProtection: Controller<PersistentVolumeClaim> = {
  name: "persistentvolumeclaim-protection-controller",
  account: "pvc-protection-controller",
  for: "persistentvolumeclaims",
  watches: [
    {
      resource: "pods",
      keys(pod, _api, _old, type) {
        if (type !== "DELETED") return [];
        const namespace = pod.metadata.namespace ?? "";
        return claimNamesOf(pod as Pod).map((name) => ({ namespace, name }));
      },
    },
  ],
  concerns: ({ metadata }, old, type) =>
    type !== "DELETED" &&
    (metadata.deletionTimestamp !== old?.metadata.deletionTimestamp || !metadata.finalizers?.includes(FINALIZER)),
  reconcile(api, claim) {
    if (!claim) return undefined;
    const { deletionTimestamp, finalizers = [] } = claim.metadata;
    const held = finalizers.includes(FINALIZER);
    if (!deletionTimestamp && !held) setFinalizers(api, claim, [...finalizers, FINALIZER]);
    if (deletionTimestamp && held && !isUsed(api, claim))
      setFinalizers(
        api,
        claim,
        finalizers.filter((name) => name !== FINALIZER),
      );
    return undefined;
  },
};

function setFinalizers(api: Api, claim: PersistentVolumeClaim, finalizers: string[]): void {
  api.modify<PersistentVolumeClaim>(claim, (now) => ({ ...now, metadata: { ...now.metadata, finalizers } }));
}

/** A pod uses a claim as long as it is there and on a node. */
function isUsed(api: Api, { metadata }: PersistentVolumeClaim): boolean {
  return api
    .list<Pod>("pods", metadata.namespace)
    .some((pod) => pod.spec.nodeName && claimNamesOf(pod).includes(metadata.name));
}
