import type { ResourceClaim } from "../../kinds/types/devices.ts";
import type { Pod, PodClaim } from "../../kinds/types/pod.ts";

export const RESOURCE_CLAIMS = "resourceclaims.resource.k8s.io";
/** Keeps a claim while it has devices. */
export const CLAIM_FINALIZER = "resource.kubernetes.io/delete-protection";
/** So many pods may use one claim. */
const MOST_USERS = 256;

/** The name of the claim behind a pod's entry; undefined where it has not been made yet (resourceclaim.Name, 1.35). */
export function claimOfEntry({ status }: Pod, { name, resourceClaimName }: PodClaim): string | undefined {
  if (resourceClaimName !== undefined) return resourceClaimName;
  return status?.resourceClaimStatuses?.find((one) => one.name === name)?.resourceClaimName;
}

/** The names of all claims of a pod that are known so far. */
export function deviceClaimsOf(pod: Pod): readonly string[] {
  return (pod.spec.resourceClaims ?? []).flatMap((entry) => claimOfEntry(pod, entry) ?? []);
}

/** What is said of a pod whose claim has not been made yet. */
export function notMadeYet({ metadata }: Pod): string {
  return `pod "${metadata.namespace}/${metadata.name}": ResourceClaim not created yet`;
}

/** Why a claim made from a template is none of this pod's; undefined where it is, or was not made from one. */
export function foreignClaim(pod: Pod, entry: PodClaim, claim: ResourceClaim): string | undefined {
  if (entry.resourceClaimName !== undefined) return undefined;
  if (claim.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === pod.metadata.uid))
    return undefined;
  const [{ namespace, name }, owner] = [claim.metadata, pod.metadata];
  return `ResourceClaim ${namespace}/${name} was not created for pod ${owner.namespace}/${owner.name} (pod is not owner)`;
}

export function isReservedFor({ status }: ResourceClaim, { metadata }: Pod): boolean {
  return status?.reservedFor?.some(({ uid }) => uid === metadata.uid) ?? false;
}

export function mayBeReserved({ status }: ResourceClaim): boolean {
  return (status?.reservedFor?.length ?? 0) < MOST_USERS;
}

/** The claim with one more pod that uses it. */
export function reserved(claim: ResourceClaim, { metadata }: Pod): ResourceClaim {
  const user = { resource: "pods", name: metadata.name, uid: metadata.uid ?? "" };
  return { ...claim, status: { ...claim.status, reservedFor: [...(claim.status?.reservedFor ?? []), user] } };
}

/** A pod of which nothing runs and never will. */
export function isPodDone({ metadata, spec, status }: Pod): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
  return Boolean(metadata.deletionTimestamp) && !spec.nodeName;
}
