import type { Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { AdmissionRequest, UserInfo } from "../define.ts";
import { type FieldManager, trackCreate } from "../managed-fields/track.ts";
import { timeText } from "../time-text.ts";

/** Who writes what, and how: what all writing verbs know of their request. */
export interface Writing {
  readonly kind: Kind;
  readonly attributes: {
    readonly user: UserInfo;
    readonly namespace: string | undefined;
    readonly subresource: string | undefined;
    readonly dryRun: boolean;
  };
  readonly manager: FieldManager;
  /** Somebody hears what is said beside the answer. */
  readonly heard?: boolean;
  /** What metadata.managedFields become, where the writer has worked it out (server-side apply). */
  readonly managed?: readonly ManagedFields[];
}

/**
 * What admission sees of a write. Written out: V8 is hundreds of times slower where a literal begins with a spread and
 * goes on with new fields, and this is made for every write.
 */
export function admissionOf(
  { kind, attributes }: Writing,
  operation: "CREATE" | "UPDATE",
  name: string | undefined,
  object: KubeObject,
  old: KubeObject | undefined,
): AdmissionRequest & { object: KubeObject } {
  const { user, namespace, subresource, dryRun } = attributes;
  return { operation, kind, namespace, name, subresource, user, dryRun, object, old };
}

/** A change of an object: gets the newest version, frozen, and returns the new one, or the same for no change. */
export type Change = (current: KubeObject) => KubeObject;

/** The kind whose rules hold for a write: the versions of a custom resource have rules of their own, whichever stores. */
export function rulesOf({ kind }: Writing, stored: Kind): Kind {
  return kind.readBody ? kind : stored;
}

/** What is said beside the answer to a write that is right: by the kind, and about finalizers (apiserver registry/rest, 1.35). */
export function warnings(context: Context, kind: Kind, object: KubeObject, old: KubeObject | undefined): void {
  for (const finalizer of object.metadata.finalizers ?? []) {
    if (finalizer.includes("/") || plainFinalizers.includes(finalizer) || old?.metadata.finalizers?.includes(finalizer))
      continue;
    const detail = "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with";
    context.warn(`metadata.finalizers: ${JSON.stringify(finalizer)}: ${detail} other finalizer writers`);
  }
  for (const text of kind.warnings?.(object, old) ?? []) context.warn(text);
}

/** Finalizers that the garbage collector and namespaces always had. */
const plainFinalizers = ["orphan", "foregroundDeletion", "kubernetes"];

/** What etcd takes in one request: its --max-request-bytes. */
const etcdLimit = 1.5 * 1024 * 1024;

/** Refuses what is too large for etcd, whose words come through as they are. */
export function checkSize(object: KubeObject): void {
  if (sizeOf(object, etcdLimit) > etcdLimit) throw new Status("", "etcdserver: request is too large");
}

/** About how many bytes a value takes there; counting ends beyond `most`. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 4;
  let size = 2;
  for (const key in value) {
    size += (Array.isArray(value) ? 0 : key.length) + sizeOf((value as Record<string, unknown>)[key], most - size);
    if (size > most) break;
  }
  return size;
}

/** Brings what an object holds of pools up to date: new objects come, those of before that it no longer holds go. */
export function keepHoldings(
  context: Context,
  kind: Kind,
  object: KubeObject | undefined,
  old: KubeObject | undefined,
): void {
  if (!kind.holds) return;
  const now = object ? kind.holds(object) : [];
  const before = old ? kind.holds(old) : [];
  for (const one of before) {
    const found = !now.some((other) => sameName(one, other)) && heldKind(context, one);
    const stored = found && context.storage.get(found, one.metadata.namespace, one.metadata.name);
    if (found && stored) context.storage.delete(found, stored);
  }
  for (const one of now) {
    const found = !before.some((other) => sameName(one, other)) && heldKind(context, one);
    if (!found || context.storage.get(found, one.metadata.namespace, one.metadata.name)) continue;
    const metadata = { ...one.metadata, uid: context.random.uuid(), creationTimestamp: timeText(context.clock.now) };
    const stored = context.storage.put(found, { ...one, metadata });
    const manager = { name: "kube-apiserver", apiVersion: one.apiVersion, subresource: undefined };
    trackCreate(stored, manager, context.clock.now);
  }
}

function heldKind({ kinds }: Context, { apiVersion, kind }: KubeObject): Kind | undefined {
  return kinds.byApiVersionKind(apiVersion, kind);
}

function sameName(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}
