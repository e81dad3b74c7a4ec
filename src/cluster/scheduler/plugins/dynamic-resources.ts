import { matchesNodeTerms } from "../../../kinds/node-selector.ts";
import { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Allocation, DeviceClass, ResourceClaim, ResourceSlice } from "../../../kinds/types/devices.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { allocate, DeviceFault } from "../../devices/allocate.ts";
import {
  CLAIM_FINALIZER,
  claimOfEntry,
  deviceClaimsOf,
  foreignClaim,
  isReservedFor,
  mayBeReserved,
  notMadeYet,
  RESOURCE_CLAIMS,
  reserved,
} from "../../devices/pod-claims.ts";
import { allocatedDevices, poolsOf } from "../../devices/pools.ts";
import type { ClusterEvent, Refusal, SchedulerPlugin, ScheduleState } from "../define.ts";
import { newNode } from "../events.ts";

const NAME = "DynamicResources";
const CLASSES = "deviceclasses.resource.k8s.io";
const SLICES = "resourceslices.resource.k8s.io";

/** What is known of a pod's claims while a node is looked for. */
interface Claims {
  readonly all: readonly ResourceClaim[];
  readonly open: readonly ResourceClaim[];
  readonly slices: readonly ResourceSlice[];
  readonly taken: ReadonlySet<string>;
  /** Claims that have devices which some node could not use. */
  readonly elsewhere: Set<ResourceClaim>;
  readonly found: Map<string, readonly Allocation[]>;
}

const unresolvable = (text: string): Refusal => ({ reasons: [text], unresolvable: true });

/** The devices that a pod claims decide where it goes (scheduler plugins/dynamicresources, 1.35). */
export const dynamicResources: SchedulerPlugin = {
  name: NAME,
  alsoAt: ["reserve"],
  withArgs: () => dynamicResources,
  // As in life, nothing is said of a pod whose claims are not there: it is not tried.
  preEnqueue: (pod, api) => !pod.spec.resourceClaims?.length || typeof claimsOf(pod, api) !== "string",
  hasNothingFor: ({ spec }) => !spec.resourceClaims?.length,
  preFilter(pod, { api, kept }) {
    if (!pod.spec.resourceClaims?.length) return "skip";
    const claims = claimsOf(pod, api);
    if (typeof claims === "string") return unresolvable(claims);
    if (claims.length === 0) return "skip";
    const refusal = claims.map((claim) => refusalOf(claim, pod, api)).find((text) => text !== undefined);
    if (refusal !== undefined) return unresolvable(refusal);
    const open = claims.filter(({ status }) => !status?.allocation);
    const slices = open.length > 0 ? api.list<ResourceSlice>(SLICES) : [];
    const taken = open.length > 0 ? allocatedDevices(api.list<ResourceClaim>(RESOURCE_CLAIMS)) : new Set<string>();
    const found: Claims = { all: claims, open, slices, taken, elsewhere: new Set(), found: new Map() };
    kept.set(NAME, found);
    return undefined;
  },
  filter(_pod, { node }, { api, kept }) {
    const claims = kept.get(NAME) as Claims;
    const allocations = claims.open.length > 0 ? devicesOn(node, claims, api) : [];
    if (!allocations) return unresolvable("cannot allocate all claims");
    const away = claims.all.filter(({ status }) => {
      const selector = status?.allocation?.nodeSelector;
      return selector && !matchesNodeTerms(selector.nodeSelectorTerms, node);
    });
    for (const claim of away) claims.elsewhere.add(claim);
    if (away.length > 0) return unresolvable("resourceclaim not available on the node");
    claims.found.set(node.metadata.name, allocations);
    return undefined;
  },
  postFilter(pod, { api, kept }) {
    const claims = kept.get(NAME) as Claims | undefined;
    if (!claims) return { says: "no new claims to deallocate" };
    for (const claim of claims.elsewhere) {
      const users = claim.status?.reservedFor ?? [];
      if (users.length > 1 || (users.length === 1 && !isReservedFor(claim, pod))) continue;
      api.modify<ResourceClaim>(claim, (now) => ({ ...now, status: {} }), "status");
      return { says: "deallocation of ResourceClaim completed" };
    }
    return { says: "still not schedulable" };
  },
  preBind(pod, { node }, state) {
    if (pod.spec.resourceClaims?.length) bind(pod, node, state);
    return undefined;
  },
  helpedBy: (event, pod) => newNode(event, ({ metadata }) => metadata.labels) !== undefined || helps(event, pod),
};

/** The claims of a pod that exist so far; a text where one does not. */
function claimsOf(pod: Pod, api: Api): readonly ResourceClaim[] | string {
  const claims: ResourceClaim[] = [];
  const { namespace = "" } = pod.metadata;
  for (const entry of pod.spec.resourceClaims ?? []) {
    const name = claimOfEntry(pod, entry);
    if (name === undefined) {
      // It has been settled that none is needed.
      if (pod.status?.resourceClaimStatuses?.some((one) => one.name === entry.name)) continue;
      return notMadeYet(pod);
    }
    const claim = api.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, name);
    if (!claim) return `could not find v1.ResourceClaim "${namespace}/${name}"`;
    if (claim.metadata.deletionTimestamp) return `resourceclaim "${name}" is being deleted`;
    const foreign = foreignClaim(pod, entry, claim);
    if (foreign !== undefined) return foreign;
    claims.push(claim);
  }
  return claims;
}

/** Why a claim keeps a pod from every node. */
function refusalOf(claim: ResourceClaim, pod: Pod, api: Api): string | undefined {
  if (claim.status?.allocation)
    return mayBeReserved(claim) || isReservedFor(claim, pod) ? undefined : "resourceclaim in use";
  for (const { name = "", exactly, firstAvailable = [] } of claim.spec.devices?.requests ?? []) {
    const asked = exactly
      ? [{ name, of: exactly.deviceClassName }]
      : firstAvailable.map((one) => ({ name: `${name}/${one.name}`, of: one.deviceClassName }));
    for (const { name: request, of = "" } of asked)
      if (!api.get<DeviceClass>(CLASSES, undefined, of)) return `request ${request}: device class ${of} does not exist`;
  }
  return undefined;
}

function devicesOn(node: Node, { open, slices, taken }: Claims, api: Api): readonly Allocation[] | undefined {
  const classOf = (name: string) => api.get<DeviceClass>(CLASSES, undefined, name);
  try {
    return allocate(open, { pools: poolsOf(slices, node), taken, classOf });
  } catch (error) {
    if (!(error instanceof DeviceFault)) throw error;
    throw new Status("InternalError", `running "${NAME}" filter plugin: ${error.message}`);
  }
}

/** Gives the claims their devices, and reserves them for the pod. */
function bind(pod: Pod, node: Node, { api, kept }: ScheduleState): void {
  const claims = kept.get(NAME) as Claims | undefined;
  const allocations = claims?.found.get(node.metadata.name) ?? [];
  for (const claim of claims?.all ?? []) {
    const allocation = allocations[claims?.open.indexOf(claim) ?? -1];
    if (allocation)
      api.modify<ResourceClaim>(claim, (now) => {
        const { finalizers = [] } = now.metadata;
        if (finalizers.includes(CLAIM_FINALIZER)) return now;
        return { ...now, metadata: { ...now.metadata, finalizers: [...finalizers, CLAIM_FINALIZER] } };
      });
    const change = (now: ResourceClaim) => {
      const given = allocation ? { ...now, status: { ...now.status, allocation } } : now;
      return isReservedFor(given, pod) ? given : reserved(given, pod);
    };
    api.modify<ResourceClaim>(claim, change, "status");
  }
}

/** A class, a slice, or a claim that is new, is free again or is the pod's own. */
function helps(event: ClusterEvent, pod: Pod): boolean {
  if (event.of !== "storage") return false;
  const { kind, metadata } = event.object;
  if (kind === "DeviceClass" || kind === "ResourceSlice") return event.type !== "DELETED";
  if (kind !== "ResourceClaim") return false;
  const [claim, old] = [event.object as ResourceClaim, event.old as ResourceClaim | undefined];
  const isFree = event.type === "DELETED" || !claim.status?.allocation;
  if (isFree && (old ?? claim).status?.allocation) return true;
  return metadata.namespace === pod.metadata.namespace && deviceClaimsOf(pod).includes(metadata.name);
}
