import { compareQuantity, parseQuantity } from "../../../base/quantity.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { BIND_COMPLETED, BOUND_BY_CONTROLLER, NO_PROVISIONER, SELECTED_NODE } from "../../storage/define.ts";
import { classOf, fitsNode, matchVolume } from "../../storage/match-volume.ts";
import { claimNamesOf, isMadeFor, notOwner } from "../../storage/pod-claims.ts";
import type { Refusal, SchedulerPlugin, ScheduleState } from "../define.ts";
import { newNode } from "../events.ts";
import { volumeNamed } from "../pod-volumes.ts";
import { classRefusal } from "../provisioning.ts";

/** The claims of a pod: those that have their volume, and those whose volume depends on the node. */
interface Claims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** The smallest first. */
  readonly waiting: readonly PersistentVolumeClaim[];
}

const NAME = "VolumeBinding";
const NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = "node(s) did not have enough free storage";
const claimsIn = (state: ScheduleState) => state.kept.get(NAME) as Claims;
const unresolvable = (text: string): Refusal => ({ reasons: [text], unresolvable: true });

/** A pod goes where its volumes are, or where they can be made (scheduler plugins/volumebinding, 1.35). */
export const volumeBinding: SchedulerPlugin = {
  name: NAME,
  preFilter(pod, state) {
    const names = claimNamesOf(pod);
    if (names.length === 0) return "skip";
    const claims = claimsOf(pod, names, state.api);
    if ("reasons" in claims) return claims;
    state.kept.set(NAME, claims);
    return undefined;
  },
  filter(_pod, { node }, state) {
    const { bound, waiting } = claimsIn(state);
    const volumes = bound.map(({ spec }) => volumeNamed(state.api, spec.volumeName));
    if (volumes.includes(undefined))
      return unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    if (!volumes.every((volume) => volume && fitsNode(volume, node)))
      return unresolvable("node(s) didn't match PersistentVolume's node affinity");
    const found = waiting.length === 0 ? undefined : places(state.api, waiting, node);
    return typeof found === "string" ? unresolvable(found) : undefined;
  },
  preBind(_pod, { node }, state) {
    const { waiting } = claimsIn(state) ?? { waiting: [] };
    if (waiting.length === 0) return undefined;
    const found = places(state.api, waiting, node);
    if (typeof found === "string") return "wait";
    for (const [claim, volume] of found)
      if (volume) promise(state.api, volume, claim);
      else select(state.api, claim, node.metadata.name);
    return "wait";
  },
  alsoAt: ["reserve", "preScore", "score"],
  withArgs: () => volumeBinding,
  helpedBy: (event) =>
    newNode(event, ({ metadata }) => metadata.labels) !== undefined ||
    (event.of === "storage" && event.type !== "DELETED"),
};

function claimsOf(pod: Pod, names: readonly string[], api: Api): Claims | Refusal {
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  let immediate = false;
  for (const name of names) {
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, name);
    if (!claim) return unresolvable(missing(pod, name));
    const { volumeName } = claim.spec;
    if (claim.status?.phase === "Lost")
      return unresolvable(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName}"`);
    if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim "${name}" is being deleted`);
    const stranger = isOwn(pod, name) && !isMadeFor(claim, pod);
    if (stranger) return unresolvable(notOwner(claim, pod));
    if (volumeName && claim.metadata.annotations?.[BIND_COMPLETED]) bound.push(claim);
    else if (!volumeName && storageClassOf(api, claim)?.volumeBindingMode === "WaitForFirstConsumer")
      waiting.push(claim);
    else immediate = true;
  }
  if (immediate) return unresolvable("pod has unbound immediate PersistentVolumeClaims");
  const size = ({ spec }: PersistentVolumeClaim) => parseQuantity(spec.resources?.requests?.storage ?? "0");
  return { bound, waiting: waiting.sort((a, b) => compareQuantity(size(a), size(b))) };
}

/** A claim of a pod's own (ephemeral) is made by a controller (volumebinding podHasPVCs, 1.35). */
function missing(pod: Pod, name: string): string {
  if (!isOwn(pod, name)) return `persistentvolumeclaim "${name}" not found`;
  return `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`;
}

/** Whether a claim should have been made for a pod: none of its volumes names it. */
function isOwn({ spec }: Pod, name: string): boolean {
  return !spec.volumes?.some(({ persistentVolumeClaim: used }) => used?.claimName === name);
}

function storageClassOf(api: Api, claim: PersistentVolumeClaim): StorageClass | undefined {
  const name = classOf(claim);
  return name ? api.get<StorageClass>("storageclasses.storage.k8s.io", undefined, name) : undefined;
}

/** A volume for each claim on this node, or none where one will be made; a text where a claim finds neither. */
function places(
  api: Api,
  claims: readonly PersistentVolumeClaim[],
  node: Node,
): Map<PersistentVolumeClaim, PersistentVolume | undefined> | string {
  const found = new Map<PersistentVolumeClaim, PersistentVolume | undefined>();
  const taken = new Set<string>();
  const volumes = api.list<PersistentVolume>("persistentvolumes");
  for (const claim of claims) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected !== undefined && selected !== node.metadata.name) return NOTHING_TO_BIND;
    const volume = selected === undefined ? matchVolume(volumes, claim, { node, taken }) : undefined;
    if (volume) taken.add(volume.metadata.name);
    else {
      const owner = storageClassOf(api, claim);
      if ((owner?.provisioner ?? NO_PROVISIONER) === NO_PROVISIONER) return NOTHING_TO_BIND;
      const refused = owner && classRefusal(owner, claim, node, api);
      if (refused !== undefined) return refused === "topology" ? NOTHING_TO_BIND : NO_SPACE;
    }
    found.set(claim, volume);
  }
  return found;
}

/** Promises a volume to a claim; the volume controller completes the binding. */
function promise(api: Api, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const { name, namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
  const claimRef = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
  api.modify<PersistentVolume>(volume, (now) => {
    if (now.spec.claimRef?.uid === uid) return now;
    const annotations = now.spec.claimRef
      ? now.metadata.annotations
      : { ...now.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
    const metadata = annotations ? { ...now.metadata, annotations } : now.metadata;
    return { ...now, metadata, spec: { ...now.spec, claimRef } };
  });
}

/** Tells the provisioner for which node a volume is wanted. */
function select(api: Api, claim: PersistentVolumeClaim, node: string): void {
  api.modify<PersistentVolumeClaim>(claim, (now) => {
    const { annotations } = now.metadata;
    if (annotations?.[SELECTED_NODE] === node) return now;
    return { ...now, metadata: { ...now.metadata, annotations: { ...annotations, [SELECTED_NODE]: node } } };
  });
}
