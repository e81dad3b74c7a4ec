import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { rfc3339 } from "../../../base/time.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject, ManagedFields } from "../../../kinds/types/meta.ts";
import { DecodeError, decode } from "../../../schema/decode.ts";
import { checkAccess } from "../authorization/access.ts";
import type { Context } from "../context.ts";
import { grafted } from "../copies.ts";
import { typeOf } from "../decoding.ts";
import type { ApiRequest } from "../define.ts";
import { badRequest, invalid } from "../errors.ts";
import { createObject } from "../registry/create.ts";
import { hasStatus, replaceObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import type { Outcome } from "../verbs/outcome.ts";
import { compare, setOf } from "./compare.ts";
import { conflictOf } from "./conflict.ts";
import {
  difference,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmptySet,
  newSet,
  sameSet,
  union,
  withoutBelow,
} from "./field-set.ts";
import { isSame, type Manager, owned, readManagers, writeManagers } from "./managers.ts";
import { merged, withoutPaths } from "./merge.ts";
import { emptyObject, shapeOf } from "./shape.ts";

const statusOnly = fromFieldsV1({ "f:status": {} });

/** Server-side apply: what the body names becomes so and is owned by its manager (merge/update.go Apply, v6). */
export function applyObject(context: Context, request: ApiRequest, writing: Writing): Outcome {
  const { kind, namespace, name = "", subresource, options } = request;
  const config = configOf(request);
  const old = context.storage.get(kind, namespace, name);
  if (!old) {
    if (subresource) throw new Status("NotFound", `${kind.plural} "${name}" not found`);
    const { user } = request;
    checkAccess(context.authorizer, user, {
      verb: "create",
      group: kind.group,
      resource: kind.plural,
      namespace,
      name,
    });
  }
  const live = old ? context.complete(old) : undefined;
  const shown = live && context.storage.shown(kind, live);
  const result = applied(context, kind, shown, config, {
    name: options.fieldManager ?? "",
    subresource,
    force: options.force ?? false,
  });
  const managing: Writing = { ...writing, managed: result.managedFields };
  const object = canonical(kind, result.object);
  if (!old) return { what: "object", status: 201, kind, object: createObject(context, managing, object) };
  const stored = kind.storedAs ? kind.storedAs.toStored(object) : object;
  const ruling = context.storage.ruling(kind);
  if (unchanged(result, live)) return { what: "object", status: 200, kind, object: shown as KubeObject };
  const written = replaceObject(context, managing, ruling, old, stored);
  return { what: "object", status: 200, kind, object: context.storage.shown(kind, written) };
}

interface Applier {
  readonly name: string;
  readonly subresource: string | undefined;
  readonly force: boolean;
}

interface Applied {
  readonly object: JsonObject;
  readonly managedFields: readonly ManagedFields[];
}

function applied(context: Context, kind: Kind, live: KubeObject | undefined, config: JsonObject, by: Applier): Applied {
  const shape = shapeOf(kind);
  const { managedFields, ...metadata } = live?.metadata ?? { managedFields: undefined };
  const before: JsonObject = live ? ({ ...live, metadata } as unknown as JsonObject) : emptyObject(kind);
  const managers = readManagers(managedFields);
  const self = {
    name: by.name,
    operation: "Apply" as const,
    apiVersion: apiVersionOf(kind),
    subresource: by.subresource,
  };
  const last = managers.find((manager) => isSame(manager, self));
  const others = managers.filter((manager) => manager !== last);
  const whole = setOf(config, shape);
  const set = by.subresource === undefined && hasStatus(kind) ? withoutBelow(whole, statusOnly) : whole;
  const kept = others.reduce((all, manager) => union(all, manager.set), set);
  const combined = merged(before, config, shape);
  const object = (last ? withoutPaths(combined, toPrune(last.set, kept), shape) : combined) as JsonObject;
  const changes = compare(before, object, shape);
  const written = union(changes.modified, changes.added);
  const conflicts = others.flatMap((manager) => {
    const both = intersection(manager.set, written);
    return isEmptySet(both) ? [] : [{ manager, set: both }];
  });
  if (conflicts.length > 0 && !by.force) throw conflictOf(conflicts);
  const lost = union(written, changes.removed);
  const remaining = others.map((manager) => ({ ...manager, set: difference(manager.set, lost) }));
  const isNew = !last || !sameSet(last.set, owned(set)) || !isEmptySet(lost);
  const time = isNew ? rfc3339(context.clock.now) : last.time;
  const own: Manager = { ...self, time, set };
  return { object, managedFields: writeManagers([...remaining, own]) };
}

/** What the manager applied before, does no more, and nobody else owns: a path, unless somebody owns something below it. */
function toPrune(last: FieldSet, kept: FieldSet | undefined): FieldSet {
  const gone = newSet();
  for (const [step, child] of last.children) {
    const other = kept?.children.get(step);
    if (!other) gone.children.set(step, { member: true, children: new Map() });
    else {
      const below = toPrune(child, other);
      if (below.children.size > 0) gone.children.set(step, below);
    }
  }
  return gone;
}

function configOf({ kind, name, namespace, body, options, subresource }: ApiRequest): JsonObject {
  if (!options.fieldManager) {
    throw invalid({ kind: "PatchOptions", group: "meta.k8s.io" }, "", [
      { type: "Required", path: "fieldManager", detail: "is required for apply patch" },
    ]);
  }
  if (!isObject(body as Json)) throw badRequest("error decoding YAML: the body is no object");
  const config = body as JsonObject;
  const metadata = (config.metadata ?? {}) as Record<string, Json>;
  if (metadata.managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
  if (!config.apiVersion || !config.kind) {
    throw badRequest(`error decoding YAML: Object 'Kind' is missing in '${JSON.stringify(config)}'`);
  }
  if (config.apiVersion !== apiVersionOf(kind)) {
    const expected = apiVersionOf(kind);
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion}, expected: ${expected}`,
    );
  }
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${String(metadata.name)}) does not match the name on the URL (${name})`);
  }
  checkDeclared(kind, config, namespace);
  const placed = { ...metadata, name: name ?? "", ...(kind.namespaced && namespace ? { namespace } : {}) };
  const { status, ...rest } = config;
  const keepStatus = subresource === "status" || !hasStatus(kind);
  return { ...rest, ...(keepStatus && status !== undefined ? { status } : {}), metadata: withoutNulls(placed) };
}

/** A null creationTimestamp and its like say nothing. */
function withoutNulls(metadata: Record<string, Json>): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}

/** Fields that the type does not have are refused whatever the validation. */
function checkDeclared(kind: Kind, config: JsonObject, namespace: string | undefined): void {
  const type = typeOf(kind);
  if (!type) return;
  try {
    const { strict } = kind.readBody?.(config) ?? decode(config, type);
    const unknown = strict.flatMap((fault) => /^unknown field "(.*)"$/.exec(fault)?.[1] ?? []);
    if (unknown.length === 0) return;
    const { name } = config.metadata as { name?: string };
    const what = `${namespace ? `${namespace}/` : ""}${name ?? ""}; ${apiVersionOf(kind)}, Kind=${kind.kind}`;
    const faults = unknown.map((path) => `.${path}: field not declared in schema`);
    const text = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join("\n")}`;
    throw new Status("", `failed to create typed patch object (${what}): ${text}`, undefined, 500);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

function canonical(kind: Kind, object: JsonObject): KubeObject {
  if (kind.readBody) return kind.readBody(object).object as unknown as KubeObject;
  const type = typeOf(kind);
  return (type ? decode(object, type).object : object) as unknown as KubeObject;
}

function unchanged({ object, managedFields }: Applied, live: KubeObject | undefined): boolean {
  if (!live) return false;
  const { managedFields: had, ...metadata } = live.metadata;
  const before: JsonObject = { ...(live as unknown as JsonObject), metadata: metadata as unknown as JsonObject };
  return grafted<JsonObject>({ ...object }, before) === before && grafted([...managedFields], had) === had;
}
