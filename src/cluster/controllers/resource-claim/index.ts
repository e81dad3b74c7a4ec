import { Status } from "../../../kinds/status.ts";
import type { ResourceClaim } from "../../../kinds/types/devices.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import {
  claimOfEntry,
  deviceClaimsOf,
  foreignClaim,
  isPodDone,
  isReservedFor,
  mayBeReserved,
  RESOURCE_CLAIMS,
  reserved,
} from "../../devices/pod-claims.ts";
import type { Controller, Key, Sentence } from "../define.ts";
import { madeClaim } from "./make-claim.ts";
import { tidyClaim } from "./tidy-claim.ts";

const pods: Sentence<Pod> = {
  for: "pods",
  concerns: ({ spec }, _old, type) => type !== "DELETED" && (spec.resourceClaims?.length ?? 0) > 0,
  watches: [{ resource: RESOURCE_CLAIMS, keys: usersOf }],
  reconcile(api, pod) {
    if (pod && !pod.metadata.deletionTimestamp && pod.spec.resourceClaims?.length) syncPod(api, pod);
    return undefined;
  },
};

const claims: Sentence<ResourceClaim> = {
  for: RESOURCE_CLAIMS,
  concerns: (_claim, _old, type) => type !== "DELETED",
  watches: [{ resource: "pods", keys: claimsNoLongerNeeded }],
  reconcile(api, claim) {
    if (claim) tidyClaim(api, claim);
    return undefined;
  },
};

/** Makes the claims of pods from templates, and takes from claims the pods that are done (pkg/controller/resourceclaim, 1.35). */
export const resourceClaim: Controller = {
  name: "resourceclaim-controller",
  account: "resource-claim-controller",
  source: "resource_claim",
  begin: () => [pods, claims],
};

/** The pods that a claim is made for, or that name it. */
function usersOf({ metadata }: KubeObject, api: Api): readonly Key[] {
  const { namespace = "", name } = metadata;
  return api
    .list<Pod>("pods", namespace)
    .filter((pod) => pod.spec.resourceClaims?.length && deviceClaimsOf(pod).includes(name))
    .map((pod) => ({ namespace, name: pod.metadata.name }));
}

function claimsNoLongerNeeded(object: KubeObject, _api: Api, _old: KubeObject | undefined, type: string) {
  const pod = object as Pod;
  if (!pod.spec.resourceClaims?.length || (type !== "DELETED" && !isPodDone(pod))) return [];
  const { namespace = "" } = pod.metadata;
  return deviceClaimsOf(pod).map((name) => ({ namespace, name }));
}

function syncPod(api: Api, pod: Pod): void {
  const made = new Map<string, string>();
  for (const entry of pod.spec.resourceClaims ?? [])
    try {
      const name = madeClaim(api, pod, entry);
      if (name !== undefined) made.set(entry.name, name);
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      const message = `PodResourceClaim ${entry.name}: ${error.message}`;
      api.event(pod, { type: "Warning", reason: "FailedResourceClaimCreation", message });
      throw error;
    }
  if (made.size > 0) api.modify<Pod>(pod, (now) => withClaims(now, made), "status");
  // The scheduler reserves for the others.
  if (pod.spec.nodeName) reserveAll(api, pod);
}

function withClaims(pod: Pod, made: ReadonlyMap<string, string>): Pod {
  const others = (pod.status?.resourceClaimStatuses ?? []).filter(({ name }) => !made.has(name));
  const own = [...made].map(([name, resourceClaimName]) => ({ name, resourceClaimName }));
  return { ...pod, status: { ...pod.status, resourceClaimStatuses: [...others, ...own] } };
}

function reserveAll(api: Api, pod: Pod): void {
  for (const entry of pod.spec.resourceClaims ?? []) {
    const name = claimOfEntry(pod, entry);
    const claim = name && api.get<ResourceClaim>(RESOURCE_CLAIMS, pod.metadata.namespace, name);
    if (!claim || foreignClaim(pod, entry, claim) !== undefined) continue;
    if (claim.status?.allocation && !isReservedFor(claim, pod) && mayBeReserved(claim))
      api.modify<ResourceClaim>(claim, (now) => (isReservedFor(now, pod) ? now : reserved(now, pod)), "status");
  }
}
