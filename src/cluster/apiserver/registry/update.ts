import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject, ManagedFields, ObjectMeta } from "../../../kinds/types/meta.ts";
import { admitTools } from "../admission/tools.ts";
import { checkEscalation } from "../authorization/escalation.ts";
import { checkParamAccess } from "../authorization/param-access.ts";
import type { Context } from "../context.ts";
import { grafted, thawed } from "../copies.ts";
import { withoutEmptyLists } from "../empty-lists.ts";
import { badRequest, conflict, invalid, notFound } from "../errors.ts";
import { managedFieldsOf } from "../managed-fields/complete.ts";
import { type Trail, trackFrom, trackUpdate } from "../managed-fields/track.ts";
import { metadataProblemsOfUpdate } from "../metadata.ts";
import { admissionOf, type Change, checkSize, keepHoldings, rulesOf, type Writing, warnings } from "./writing.ts";

/** Changes an object, its status, or what another subresource may change. */
export function updateObject(context: Context, writing: Writing, name: string, change: Change): KubeObject {
  const kind = context.storage.ruling(writing.kind);
  const { namespace } = writing.attributes;
  const old = context.storage.get(kind, namespace, name);
  if (!old) throw notFound(kind, name);
  if (writing.heard) context.storage.checkReadable(kind, old);
  const asked = change(old);
  if (asked === old) return old;
  return replaceObject(context, writing, kind, old, asked);
}

/** Writes `asked` over `old`, as far as this kind of request may. */
export function replaceObject(
  context: Context,
  writing: Writing,
  kind: Kind,
  old: KubeObject,
  asked: KubeObject,
): KubeObject {
  const { subresource, dryRun } = writing.attributes;
  const rules = rulesOf(writing, kind);
  // Most writes are a status by somebody who has just read the object: its metadata are the stored ones.
  const untouched = asked.metadata === old.metadata && !writing.managed;
  const metadata: ObjectMeta = untouched ? old.metadata : { ...asked.metadata };
  const given = subresource === undefined ? givenManagedFields(context, metadata, old) : undefined;
  if (!untouched) {
    checkVersion(kind, metadata, old);
    keepSystemFields(metadata, old.metadata);
    if (writing.managed) metadata.managedFields = [...writing.managed];
    if (given) metadata.managedFields = [...given];
  }
  let object = partOf(kind, subresource, { ...asked, metadata }, old);
  if (subresource !== "status") object = thawed(object);
  if (subresource !== "status") rules.defaults?.(object);
  const request = admissionOf(writing, "UPDATE", old.metadata.name, object, old);
  context.admission.mutate(context, request);
  object = request.object;
  if (subresource === undefined) rules.prepareForUpdate?.(object, old);
  if (subresource === undefined) kind.allocate?.(object, old, admitTools(context));
  object = grafted(withoutEmptyLists(kind, object), old);
  // What is the same is written only where it lies in etcd under another key than the first (etcd3/store.go, 1.35).
  if (object === old) {
    if (dryRun || !context.storage.isStale(kind, old)) return old;
    object = { ...old };
  }
  const mayDelete = endsNow(object);
  if (kind.countsGenerations && specChanged(object, old, !hasStatus(kind))) {
    object.metadata = { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 };
  }
  const problems = metadataProblemsOfUpdate(rules, object.metadata, old.metadata);
  if (subresource === undefined) {
    problems.push(...(rules.problems?.(object) ?? []), ...(rules.problemsOfUpdate?.(object, old) ?? []));
  } else {
    problems.push(...(rules.problemsOfSubresource?.(object, old, subresource) ?? []));
  }
  if (problems.length > 0) throw invalid(kind, object.metadata.name, problems);
  checkEscalation(context, writing, kind, object, old);
  checkParamAccess(context, writing, kind, object, old);
  context.admission.validate(context, admissionOf(writing, "UPDATE", old.metadata.name, object, old));
  if (writing.heard) checkSize(object);
  if (writing.heard && subresource === undefined) warnings(context, rules, object, old);
  const stored = dryRun ? Object.freeze(object) : context.storage.put(kind, object);
  if (kind.holds && !dryRun) keepHoldings(context, kind, mayDelete ? undefined : stored, old);
  const { now } = context.clock;
  if (given) trackFrom(stored, old, given, writing.manager, now);
  else if (!writing.managed) trackUpdate(stored, old, writing.manager, now, resolver(kind));
  if (mayDelete && !dryRun) context.storage.delete(kind, stored);
  return stored;
}

function resolver(kind: Kind): (trail: Trail) => ManagedFields[] {
  return ({ base, steps }) => managedFieldsOf(kind, base, steps);
}

/**
 * The managedFields that a client sends with an update, where they are others than the object has: kubectl moves fields
 * from one manager to another so. An empty entry resets them (apiserver managedfields/internal/fieldmanager.go, 1.35).
 */
function givenManagedFields(
  context: Context,
  { managedFields }: ObjectMeta,
  old: KubeObject,
): readonly ManagedFields[] | undefined {
  if (!managedFields || managedFields.length === 0 || managedFields === old.metadata.managedFields) return undefined;
  if (managedFields.length === 1 && Object.keys(managedFields[0] ?? {}).length === 0) return [];
  const current = context.complete(old).metadata.managedFields;
  return grafted(managedFields, current) === current ? undefined : managedFields;
}

/** Nothing holds a deleted object any more: its finalizers are gone and its time of grace is over. */
function endsNow({ metadata, spec }: KubeObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.finalizers?.length ?? 0) > 0) return false;
  // Namespaces have finalizers of their own in their spec.
  if (((spec as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) > 0) return false;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** The object as this subresource may write it: everything else is as it was. */
function partOf(kind: Kind, subresource: string | undefined, asked: KubeObject, old: KubeObject): KubeObject {
  if (subresource === "status") {
    const { metadata, status } = asked;
    return { ...old, metadata: statusMetadata(metadata, old.metadata), status };
  }
  if (subresource === undefined && hasStatus(kind)) {
    asked.status = old.status;
    if (old.status === undefined) delete asked.status;
  }
  asked.apiVersion = old.apiVersion;
  asked.kind = old.kind;
  return asked;
}

/** A status update may change labels, annotations and finalizers, but not the owners. */
function statusMetadata(metadata: ObjectMeta, old: ObjectMeta): ObjectMeta {
  if (metadata.ownerReferences === old.ownerReferences) return metadata;
  const { ownerReferences: _, ...rest } = metadata;
  return old.ownerReferences ? { ...rest, ownerReferences: old.ownerReferences } : rest;
}

export function hasStatus(kind: Kind): boolean {
  return kind.subresources?.some(({ name }) => name === "status") ?? false;
}

function checkVersion(kind: Kind, metadata: ObjectMeta, old: KubeObject): void {
  const { uid, resourceVersion, name } = old.metadata;
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.uid && metadata.uid !== uid) {
    throw conflict(kind, name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`);
  }
  if (!metadata.resourceVersion || metadata.resourceVersion === "0") {
    if (!kind.needsVersion) return;
    const detail = "must be specified for an update";
    throw invalid(kind, name, [{ type: "Invalid", path: "metadata.resourceVersion", value: 0, detail }]);
  }
  if (metadata.resourceVersion !== resourceVersion) throw conflict(kind, name);
}

/** Puts back what no client may change. */
function keepSystemFields(metadata: ObjectMeta, old: ObjectMeta): void {
  metadata.name = old.name;
  if (metadata.namespace === undefined && old.namespace !== undefined) metadata.namespace = old.namespace;
  if (old.namespace === undefined) delete metadata.namespace;
  metadata.uid = old.uid as string;
  if (!metadata.creationTimestamp) metadata.creationTimestamp = old.creationTimestamp ?? null;
  metadata.resourceVersion = old.resourceVersion as string;
  for (const field of ["generation", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"] as const) {
    if (old[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: old[field] });
  }
  delete (metadata as { selfLink?: string }).selfLink;
}

/** Whether anything but metadata and status is new (without the subresource, status counts). Both share what did not change. */
function specChanged(object: KubeObject, old: KubeObject, statusCounts: boolean): boolean {
  for (const key in object) {
    if (key !== "metadata" && (key !== "status" || statusCounts) && object[key] !== old[key]) return true;
  }
  for (const key in old) if ((key !== "status" || statusCounts) && object[key] === undefined) return true;
  return false;
}
