import type { Json, JsonObject } from "../../../../base/json.ts";
import { isList, isObject } from "../../../../base/json-object.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { annotationsOf, lastAppliedAnnotation } from "../../last-applied.ts";
import type { Found } from "../../selection.ts";

type Entry = JsonObject;

/**
 * What client-side apply managed becomes the server-side manager's, so that fields which the file drops later can go
 * (cmd/apply migrateToSSAIfNecessary and client-go csaupgrade, 1.33). `again` repeats the apply that was just done.
 */
export function* migrateManagers(
  context: Context,
  found: Found,
  applied: JsonObject,
  manager: string,
  again: () => Task<JsonObject>,
): Task<JsonObject> {
  const live = manager === "kubectl" ? yield* keepAnnotation(context, found, applied) : applied;
  const names = new Set(ownersOf(live, "Update").map((entry) => entry.manager));
  if (names.size === 0) return live;
  const metadata = isObject(live.metadata) ? live.metadata : {};
  const body = [
    { op: "replace", path: "/metadata/managedFields", value: upgraded(entriesOf(live), names, manager) },
    { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
  ];
  try {
    yield* context.client.patch(found, "json", body as unknown as Json);
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    context.err.line(
      `Warning: server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${fault.message}`,
    );
    return live;
  }
  try {
    return yield* again();
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    context.err.line(
      `Warning: failed to re-apply configuration after performing Server-Side Apply migration. This is non-fatal and will be retried next time you apply. Error: ${fault.message}`,
    );
    return live;
  }
}

/** The annotation of client-side apply gets a manager of its own, or the server would drop it with the others. */
function* keepAnnotation(context: Context, found: Found, applied: JsonObject): Task<JsonObject> {
  const text = annotationsOf(applied)[lastAppliedAnnotation];
  if (text === undefined || ownersOf(applied, "Apply").length > 0) return applied;
  const { name, namespace } = (isObject(applied.metadata) ? applied.metadata : {}) as JsonObject;
  const body = {
    apiVersion: applied.apiVersion,
    kind: applied.kind,
    metadata: { name, namespace, annotations: { [lastAppliedAnnotation]: text } },
  };
  return yield* context.client.patch(found, "apply", body, { fieldManager: "kubectl-last-applied" });
}

function entriesOf({ metadata }: JsonObject): readonly Entry[] {
  const entries = isObject(metadata) ? metadata.managedFields : undefined;
  return isList(entries) ? entries.filter(isObject) : [];
}

/** Who manages the annotation by this operation. */
function ownersOf(object: JsonObject, operation: string): readonly Entry[] {
  return entriesOf(object).filter((entry) => {
    let fields: Json | undefined = entry.fieldsV1;
    for (const step of ["f:metadata", "f:annotations", `f:${lastAppliedAnnotation}`])
      fields = isObject(fields) ? fields[step] : undefined;
    return entry.operation === operation && fields !== undefined;
  });
}

function upgraded(entries: readonly Entry[], names: ReadonlySet<Json | undefined>, manager: string): readonly Entry[] {
  let left = entries;
  for (const name of names) left = oneUpgraded(left, name, manager);
  return left;
}

/** The fields of one manager go to the server-side one, which takes the newest entry's place where it was not there. */
function oneUpgraded(entries: readonly Entry[], name: Json | undefined, manager: string): readonly Entry[] {
  const isOld = (entry: Entry) => entry.manager === name && entry.operation === "Update" && !entry.subresource;
  const isNew = (entry: Entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource;
  const old = entries.filter(isOld);
  const newest = old.toSorted((a, b) => (String(a.time) < String(b.time) ? 1 : -1))[0];
  const base = entries.find(isNew) ?? newest;
  if (!base) return entries;
  const source = old.find((entry) => entry !== base && entry.apiVersion === base.apiVersion);
  const fieldsV1 = source ? union(base.fieldsV1, source.fieldsV1) : base.fieldsV1;
  const merged: Entry = { ...base, manager, operation: "Apply", fieldsV1 };
  return entries.flatMap((entry) => (entry === base ? [merged] : isOld(entry) ? [] : [entry]));
}

function union(a: Json | undefined, b: Json | undefined): Json {
  if (!isObject(a)) return b ?? {};
  if (!isObject(b)) return a;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, union(a[key], b[key])]));
}
