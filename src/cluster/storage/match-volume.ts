import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import { matchesSelector } from "../../kinds/label-selector.ts";
import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { NodeSelectorTerm } from "../../kinds/types/pod.ts";

/** The storage class a claim or a volume names; "" for none. */
export function classOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}

/** Whether a volume is bound or promised to a claim: by name, and by uid where it has one. */
export function isFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = spec;
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** Whether a volume can be reached from a node. */
export function fitsNode({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec.nodeAffinity?.required;
  return !required || matchesNodeTerms(required.nodeSelectorTerms as NodeSelectorTerm[], node);
}

/** Whether one quantity of storage is at least another. */
export function isEnough(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const has = volume.spec.capacity?.storage ?? "0";
  return compareQuantity(parseQuantity(has), parseQuantity(claim.spec.resources?.requests?.storage ?? "0")) >= 0;
}

function hasModes({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));
}

const modeOf = ({ spec }: PersistentVolume | PersistentVolumeClaim) => spec.volumeMode ?? "Filesystem";

/** How a claim is to be matched: on a node that was chosen for it, or with promised volumes only while it waits for one. */
export interface MatchOptions {
  readonly node?: Node;
  readonly waits?: boolean;
  /** Volumes that others have been given a moment ago, by name. */
  readonly taken?: ReadonlySet<string>;
}

/**
 * The volume that suits a claim best: promised to it, else with the fewest access modes and the least storage
 * (component-helpers/storage/volume FindMatchingVolume and persistentvolume/index.go, 1.35).
 */
export function matchVolume(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  { node, waits, taken }: MatchOptions = {},
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { spec, metadata, status } = volume;
    if (metadata.deletionTimestamp || taken?.has(metadata.name)) continue;
    if (modeOf(volume) !== modeOf(claim) || !hasModes(volume, claim) || !isEnough(volume, claim)) continue;
    if ((spec.volumeAttributesClassName ?? "") !== (claim.spec.volumeAttributesClassName ?? "")) continue;
    if (spec.claimRef) {
      if (isFor(volume, claim) && (!node || fitsNode(volume, node))) return volume;
      continue;
    }
    if (waits || status?.phase !== "Available") continue;
    if (classOf(volume) !== classOf(claim)) continue;
    if (claim.spec.selector && !matchesSelector(claim.spec.selector, metadata.labels)) continue;
    if (node && !fitsNode(volume, node)) continue;
    if (!best || isBetter(volume, best)) best = volume;
  }
  return best;
}

function isBetter(a: PersistentVolume, b: PersistentVolume): boolean {
  const modes = (a.spec.accessModes?.length ?? 0) - (b.spec.accessModes?.length ?? 0);
  if (modes !== 0) return modes < 0;
  const size = ({ spec }: PersistentVolume) => parseQuantity(spec.capacity?.storage ?? "0");
  return compareQuantity(size(a), size(b)) < 0;
}

/** Why a volume that a claim asks for by name does not suit it (pv_controller.go checkVolumeSatisfyClaim, 1.35). */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp) return "the volume is marked for deletion";
  if (!isEnough(volume, claim)) return "requested PV is too small";
  if (classOf(volume) !== classOf(claim)) return "storageClassName does not match";
  if ((volume.spec.volumeAttributesClassName ?? "") !== (claim.spec.volumeAttributesClassName ?? ""))
    return "volumeAttributesClassName does not match";
  if (modeOf(volume) !== modeOf(claim)) return "incompatible volumeMode";
  return hasModes(volume, claim) ? undefined : "incompatible accessMode";
}
