import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject, ObjectMeta } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { RequestOptions } from "../define.ts";
import { conflict, invalid, notFound } from "../errors.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { timeText } from "../time-text.ts";
import { keepHoldings, type Writing } from "./writing.ts";

export type DeleteOptions = Pick<RequestOptions, "gracePeriodSeconds" | "propagationPolicy" | "preconditions">;

/** What a delete came to: the object as it is now, and whether it is gone. */
export interface Deletion {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/**
 * Deletes an object, or marks it as being deleted while finalizers or its time of grace hold it
 * (apiserver registry/generic/registry/store.go Delete and registry/rest/delete.go BeforeDelete, 1.35).
 */
export function deleteObject(context: Context, writing: Writing, name: string, options: DeleteOptions): Deletion {
  const kind = context.storage.ruling(writing.kind);
  const { namespace, dryRun } = writing.attributes;
  const old = context.storage.get(kind, namespace, name);
  if (!old) throw notFound(kind, name);
  if (writing.heard) context.storage.checkReadable(kind, old);
  checkOptions(kind, name, options);
  if (writing.heard && kind.orphanWarning && options.propagationPolicy === undefined) context.warn(kind.orphanWarning);
  checkPreconditions(kind, old, options);
  const request = {
    ...writing.attributes,
    operation: "DELETE" as const,
    kind: writing.kind,
    name,
    object: undefined,
    old,
  };
  context.admission.mutate(context, request);
  context.admission.validate(context, request);
  const first = kind.prepareForDelete && !old.metadata.deletionTimestamp;
  const prepared = first ? kind.prepareForDelete?.(old, timeText(context.clock.now)) : undefined;
  const marked = markedForDeletion(context, kind, prepared ?? old, options);
  const gone = mayGo(kind, marked.object);
  let { object } = marked;
  if (object !== old && !dryRun && !(gone && marked.silent)) {
    object = context.storage.put(kind, object);
    trackUpdate(object, old, undefined, context.clock.now, () => []);
  }
  if (gone && !dryRun) {
    context.storage.delete(kind, object);
    keepHoldings(context, kind, undefined, object);
  }
  return { object, gone };
}

/** The object with the marks of its deletion. `silent`: nobody is to see them if it goes at once. */
function markedForDeletion(
  context: Context,
  kind: Kind,
  old: KubeObject,
  options: DeleteOptions,
): { object: KubeObject; silent: boolean } {
  const graceful = kind.graceSeconds !== undefined;
  const { metadata } = old;
  if (graceful && metadata.deletionTimestamp && metadata.deletionGracePeriodSeconds !== undefined) {
    return { object: withShorterGrace(kind, old, options.gracePeriodSeconds), silent: false };
  }
  const finalizers = withPropagation(metadata.finalizers ?? [], options.propagationPolicy ?? policyOf(kind, metadata));
  const next: ObjectMeta = { ...metadata };
  if (finalizers.length > 0) next.finalizers = finalizers;
  else delete next.finalizers;
  if (graceful || finalizers.length > 0 || hasSpecFinalizers(kind, old)) {
    const seconds = kind.graceSeconds?.(old, options.gracePeriodSeconds) ?? 0;
    if (!next.deletionTimestamp) {
      next.deletionTimestamp = later(context.clock.now, seconds);
      if (next.generation) next.generation++;
    }
    if (!isNamespaceLike(kind) || finalizers.length > 0) next.deletionGracePeriodSeconds ??= seconds;
  }
  const object: KubeObject = { ...old, metadata: next };
  if (isNamespaceLike(kind)) object.status = { ...(old.status as object | undefined), phase: "Terminating" };
  const same = next.deletionTimestamp === metadata.deletionTimestamp && sameList(finalizers, metadata.finalizers);
  return { object: same ? old : object, silent: !graceful };
}

/** A deletion that is under way may only be made shorter. */
function withShorterGrace(kind: Kind, old: KubeObject, asked: number | undefined): KubeObject {
  const current = old.metadata.deletionGracePeriodSeconds ?? 0;
  if (asked === undefined) return old;
  const seconds = kind.graceSeconds?.(old, asked) ?? asked;
  if (seconds >= current) return old;
  const ends = parseRfc3339(old.metadata.deletionTimestamp ?? "") ?? 0;
  const deletionTimestamp = later(ends - current * SECOND, seconds);
  return { ...old, metadata: { ...old.metadata, deletionTimestamp, deletionGracePeriodSeconds: seconds } };
}

function mayGo(kind: Kind, { metadata, spec }: KubeObject): boolean {
  if ((metadata.finalizers?.length ?? 0) > 0) return false;
  if (isNamespaceLike(kind)) return ((spec as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) === 0;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** Namespaces stay until their own finalizers are taken out at /finalize. */
function isNamespaceLike(kind: Kind): boolean {
  return kind.subresources?.some(({ name }) => name === "finalize") ?? false;
}

function hasSpecFinalizers(kind: Kind, object: KubeObject): boolean {
  return isNamespaceLike(kind) && ((object.spec as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) > 0;
}

/** The kind's own policy (DefaultGarbageCollectionPolicy), unless a deletion in the foreground is under way. */
function policyOf(kind: Kind, { finalizers }: ObjectMeta): DeleteOptions["propagationPolicy"] {
  return kind.orphansDependents && !finalizers?.includes("foregroundDeletion") ? "Orphan" : undefined;
}

/** The garbage collector finds what to do with dependents in two finalizers of its own. */
function withPropagation(finalizers: readonly string[], policy: DeleteOptions["propagationPolicy"]): string[] {
  if (policy === undefined) return [...finalizers];
  const kept = finalizers.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  if (policy === "Orphan") return [...kept, "orphan"];
  return policy === "Foreground" ? [...kept, "foregroundDeletion"] : kept;
}

function checkOptions(kind: Kind, name: string, { propagationPolicy, gracePeriodSeconds }: DeleteOptions): void {
  const policies = ["Orphan", "Background", "Foreground"];
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    const supported = ["Background", "Foreground", "Orphan"];
    const problem = { type: "NotSupported" as const, path: "propagationPolicy", value: propagationPolicy, supported };
    throw invalid({ kind: "DeleteOptions", group: "" }, "", [problem]);
  }
  if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds)) {
    const problem = { type: "Invalid" as const, path: "gracePeriodSeconds", value: gracePeriodSeconds };
    throw invalid(kind, name, [problem]);
  }
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const { name } = metadata;
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(kind, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const found = `ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(kind, name, `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ${found}`);
  }
}

function later(from: Micros, seconds: number): string {
  return timeText(from + seconds * SECOND);
}

function sameList(a: readonly string[], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
