import { Status } from "../../kinds/status.ts";
import type { ResourceClaim } from "../../kinds/types/devices.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { claimOfEntry, foreignClaim, isReservedFor, notMadeYet, RESOURCE_CLAIMS } from "../devices/pod-claims.ts";

/**
 * Why the devices that a pod claims cannot be prepared (pkg/kubelet/cm/dra prepareResources, 1.35): no driver is ever
 * registered here. Undefined where it claims none.
 */
export function devicesFault(pod: Pod, api: Api): string | undefined {
  const { namespace = "", name: podName, uid } = pod.metadata;
  for (const entry of pod.spec.resourceClaims ?? []) {
    const name = claimOfEntry(pod, entry);
    if (name === undefined) return notMadeYet(pod);
    let claim: ResourceClaim | undefined;
    try {
      claim = api.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, name);
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      return `fetch ResourceClaim ${name}: ${error.message}`;
    }
    if (!claim) return `fetch ResourceClaim ${name}: resourceclaims.resource.k8s.io "${name}" not found`;
    const foreign = foreignClaim(pod, entry, claim);
    if (foreign !== undefined) return foreign;
    if (!isReservedFor(claim, pod))
      return `pod ${podName} (${uid}) is not allowed to use ResourceClaim ${name} (${claim.metadata.uid})`;
    if (!claim.status?.allocation) return `ResourceClaim ${name}: claim not allocated`;
    const [first] = claim.status.allocation.devices?.results ?? [];
    if (first) return `DRA driver ${first.driver} is not registered`;
  }
  return undefined;
}
