import type { ResourceClaim } from "../../../kinds/types/devices.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { CLAIM_FINALIZER, isPodDone } from "../../devices/pod-claims.ts";

/** Takes from a claim the pods that are done; its devices with the last one, and a claim made for a pod that is done. */
export function tidyClaim(api: Api, claim: ResourceClaim): void {
  const users = claim.status?.reservedFor ?? [];
  const valid = users.filter(({ name, uid }) => isWanted(podNamed(api, claim, name), uid));
  const isGuarded = claim.metadata.finalizers?.includes(CLAIM_FINALIZER) ?? false;
  if (valid.length < users.length || (isGuarded && claim.metadata.deletionTimestamp && valid.length === 0)) {
    const now = api.modify<ResourceClaim>(
      claim,
      ({ status: { allocation, ...status } = {}, ...current }) => {
        const kept = allocation && (valid.length > 0 || !isGuarded) ? { allocation } : {};
        const { reservedFor: _, ...rest } = status;
        return { ...current, status: { ...rest, ...kept, ...(valid.length > 0 ? { reservedFor: valid } : {}) } };
      },
      "status",
    );
    if (now && isGuarded && !now.status?.allocation) letGo(api, now);
  }
  if (valid.length > 0) return;
  const owner = claim.metadata.ownerReferences?.find(
    ({ controller, apiVersion, kind }) => controller && apiVersion === "v1" && kind === "Pod",
  );
  const pod = owner && podNamed(api, claim, owner.name);
  if (pod && !isWanted(pod, owner.uid) && !claim.metadata.deletionTimestamp) api.delete(claim);
}

function podNamed(api: Api, { metadata }: ResourceClaim, name: string): Pod | undefined {
  return api.get<Pod>("pods", metadata.namespace, name);
}

const isWanted = (pod: Pod | undefined, uid: string) => pod?.metadata.uid === uid && !isPodDone(pod);

function letGo(api: Api, claim: ResourceClaim): void {
  api.modify<ResourceClaim>(claim, (now) => {
    const finalizers = (now.metadata.finalizers ?? []).filter((name) => name !== CLAIM_FINALIZER);
    const { finalizers: _, ...metadata } = now.metadata;
    return { ...now, metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata };
  });
}
