import type { Kind } from "../../kinds/define.ts";
import { matchesSelector } from "../../kinds/label-selector.ts";
import { ownerReference } from "../../kinds/labels.ts";
import type { KubeObject, LabelSelector, OwnerReference } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";
import type { Orphans } from "./orphans.ts";

/** Who claims objects: a ReplicaSet, a DaemonSet, a Deployment. */
export interface Claimer {
  readonly owner: KubeObject;
  readonly kind: Pick<Kind, "group" | "version" | "kind">;
  readonly selector: LabelSelector;
  /** What else an orphan must be to be adopted: a StatefulSet takes only pods with its name. */
  accepts?(object: KubeObject): boolean;
  /** What an adopted object gets. */
  readonly finalizer?: string;
}

/**
 * The objects of a resource that belong to an owner: what does not fit its selector any more is let go, what fits and
 * belongs to nobody is adopted (kubernetes pkg/controller/controller_ref_manager.go, 1.35).
 */
export function claim<T extends KubeObject>(
  api: Api,
  resource: string,
  claimer: Claimer,
  orphans: Orphans<T>,
): readonly T[] {
  const { owner, selector } = claimer;
  const { uid = "", namespace, deletionTimestamp } = owner.metadata;
  const owned = api.indexed<T>(resource, "owner", uid);
  let mine: readonly T[] = owned;
  if (!owned.every((object) => fits(selector, object))) {
    mine = owned.filter((object) => fits(selector, object));
    if (!deletionTimestamp) for (const object of owned.slice()) if (!fits(selector, object)) release(api, object, uid);
  }
  if (deletionTimestamp) return mine;
  const adopted: T[] = [];
  for (const object of orphans.of(namespace)) {
    if (!fits(selector, object) || object.metadata.deletionTimestamp || claimer.accepts?.(object) === false) continue;
    const taken = adopt(api, object, claimer);
    if (taken) adopted.push(taken);
  }
  return adopted.length > 0 ? [...mine, ...adopted] : mine;
}

function fits(selector: LabelSelector, object: KubeObject): boolean {
  return matchesSelector(selector, object.metadata.labels);
}

function release(api: Api, object: KubeObject, uid: string): void {
  api.modify(object, (current) => {
    return withoutOwners(current, (owner) => owner.uid === uid);
  });
}

/** An object without some of its owners. */
export function withoutOwners<T extends KubeObject>(object: T, gone: (owner: OwnerReference) => boolean): T {
  const { ownerReferences = [], ...rest } = object.metadata;
  const left = ownerReferences.filter((owner) => !gone(owner));
  return { ...object, metadata: left.length > 0 ? { ...rest, ownerReferences: left } : rest };
}

function adopt<T extends KubeObject>(api: Api, object: T, { owner, kind, finalizer }: Claimer): T | undefined {
  const { uid } = object.metadata;
  const reference = ownerReference(owner, kind);
  const now = api.modify<T>(object, (current) => {
    const { ownerReferences = [], finalizers = [] } = current.metadata;
    if (current.metadata.uid !== uid || ownerReferences.some(({ controller }) => controller)) return current;
    const metadata = { ...current.metadata, ownerReferences: [...ownerReferences, reference] };
    if (finalizer && !finalizers.includes(finalizer)) metadata.finalizers = [...finalizers, finalizer];
    return { ...current, metadata };
  });
  return now?.metadata.ownerReferences?.some((other) => other.uid === reference.uid) ? now : undefined;
}
