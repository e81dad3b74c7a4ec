import { goValue } from "../go-text.ts";
import type { Json, JsonObject } from "../json.ts";
import { isList, isObject, sameJson } from "../json-object.ts";
import {
  deleteFromList,
  elementTypeOf,
  isDeletion,
  mergeList,
  ordered,
  sameElement,
  unknownDirective,
} from "./merge-list.ts";
import {
  DELETE_FROM_PRIMITIVE_LIST,
  type FieldStrategy,
  type MergeSchema,
  PATCH,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
  strategyOf,
} from "./merge-schema.ts";
import { PatchError } from "./patch-error.ts";

type MutableObject = Record<string, Json | undefined>;

/** `apply`: a patch onto a live object. `combine`: a patch onto a patch, directives and nulls are kept. */
type Mode = "apply" | "combine";

/** Applies a strategic merge patch (apimachinery strategicpatch, 1.33). What the patch does not name is shared. */
export function applyStrategicMerge(original: JsonObject, patch: Json, schema: MergeSchema): JsonObject {
  if (patch === null) return original;
  if (!isObject(patch)) throw new PatchError("invalid JSON document", "decode");
  return mergeMap(original, patch, schema, "apply");
}

/** Two strategic patches as one, as a three-way patch is made. */
export function combineStrategicPatches(first: JsonObject, second: JsonObject, schema: MergeSchema): JsonObject {
  return mergeMap(first, second, schema, "combine");
}

function mergeMap(original: JsonObject, patch: JsonObject, schema: MergeSchema | undefined, mode: Mode): JsonObject {
  if (patch[PATCH] !== undefined) return obeyMapDirective(patch);
  const result = retained(original, patch, mode);
  const done = mergeOrderedLists(result, patch, schema, mode);
  for (const key in patch) {
    const value = patch[key];
    if (value === undefined || key === RETAIN_KEYS || done.has(key)) continue;
    if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
      if (mode === "combine") result[key] = value;
      else deleteValues(result, key.slice(DELETE_FROM_PRIMITIVE_LIST.length), value, schema);
    } else mergeField(result, key, value, schema, mode);
  }
  return result;
}

function obeyMapDirective(patch: JsonObject): JsonObject {
  const { [PATCH]: directive, ...rest } = patch;
  if (directive === "replace") return rest;
  if (directive === "delete") return {};
  throw unknownDirective(directive ?? null, patch);
}

/** A copy of the original, without the keys that a `$retainKeys` list does not name. */
function retained(original: JsonObject, patch: JsonObject, mode: Mode): MutableObject {
  const result: MutableObject = { ...original };
  const list = patch[RETAIN_KEYS];
  if (list === undefined) return result;
  if (mode === "combine") {
    const had = original[RETAIN_KEYS];
    if (had !== undefined && !sameJson(had, list)) {
      const both = `${goValue(had)} and ${goValue(list)}`;
      throw new PatchError(`${both} are not deep equal: this may happen when calculating the 3-way diff patch`);
    }
    result[RETAIN_KEYS] = list;
    return result;
  }
  const invalid = new PatchError("invalid patch format of retainKeys");
  if (!isList(list)) throw invalid;
  for (const [key, value] of Object.entries(patch)) {
    const isDirective =
      key === RETAIN_KEYS || key.startsWith(DELETE_FROM_PRIMITIVE_LIST) || key.startsWith(SET_ELEMENT_ORDER);
    if (value !== null && !isDirective && !list.includes(key)) throw invalid;
  }
  for (const key in result) if (!list.includes(key)) delete result[key];
  return result;
}

function mergeField(
  result: MutableObject,
  key: string,
  value: Json,
  schema: MergeSchema | undefined,
  mode: Mode,
): void {
  if (value === null) {
    delete result[key];
    if (mode === "combine") result[key] = null;
    return;
  }
  const had = result[key];
  const field = strategyOf(schema, key);
  if (isObject(had) && isObject(value)) {
    result[key] = field.strategy === "replace" ? value : mergeMap(had, value, field.type, mode);
  } else if (isList(had) && isList(value)) {
    result[key] = mergeLists(had, value, field, mode);
  } else {
    const taken = asNewValue(value, mode);
    if (taken === undefined) delete result[key];
    else result[key] = taken;
  }
}

function mergeLists(had: readonly Json[], value: readonly Json[], field: FieldStrategy, mode: Mode): readonly Json[] {
  if (field.strategy !== "merge") return value;
  return mergeList(had, value, field.type, field.mergeKey, (a, b, type) => mergeMap(a, b, type, mode));
}

function deleteValues(result: MutableObject, key: string, value: Json, schema: MergeSchema | undefined): void {
  const had = result[key];
  if (!isList(had) || !isList(value)) return;
  // Where the field does not merge, Kubernetes takes the list of deletions for the new value.
  result[key] = strategyOf(schema, key).strategy === "merge" ? deleteFromList(had, value) : value;
}

/** A value that stands where nothing of its type stood: directives, and on applying nulls, are taken out of it. */
function asNewValue(value: Json, mode: Mode): Json | undefined {
  if (isList(value)) {
    const kept: Json[] = [];
    for (const item of value) {
      const taken = asNewValue(item, mode);
      if (taken !== undefined) kept.push(taken);
    }
    return kept;
  }
  if (!isObject(value)) return value;
  if (value[PATCH] !== undefined) return undefined;
  const kept: MutableObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || (item === null && mode === "apply")) continue;
    const taken = asNewValue(item, mode);
    if (taken !== undefined) kept[key] = taken;
  }
  return kept;
}

/** Merges the lists that have a `$setElementOrder` beside them and puts them in that order; returns the keys done. */
function mergeOrderedLists(
  result: MutableObject,
  patch: JsonObject,
  schema: MergeSchema | undefined,
  mode: Mode,
): Set<string> {
  const done = new Set<string>();
  for (const directive in patch) {
    if (!directive.startsWith(SET_ELEMENT_ORDER)) continue;
    const order = patch[directive];
    if (mode === "combine") {
      const had = result[directive];
      if (had !== undefined && !sameJson(had, order))
        throw new PatchError("invalid patch format of setElementOrder list");
      result[directive] = order;
    }
    const key = directive.slice(SET_ELEMENT_ORDER.length);
    done.add(directive);
    const had = result[key];
    const value = patch[key];
    const list = listOf(order);
    const live = had === undefined ? undefined : listOf(had);
    const changes = value === undefined ? undefined : listOf(value);
    const field = strategyOf(schema, key);
    const mergeKey = field.mergeKey;
    if (changes) checkOrder(changes, list, mergeKey);
    const merged = live && changes ? mergeLists(live, changes, field, mode) : (live ?? newList(changes, mode));
    if (!merged) continue;
    done.add(key);
    result[key] = ordered(merged, list, list, live ?? [], mergeKey);
  }
  return done;
}

function newList(changes: readonly Json[] | undefined, mode: Mode): readonly Json[] | undefined {
  const taken = changes && asNewValue(changes, mode);
  return isList(taken) ? taken : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (isList(value)) return value;
  throw new PatchError(`expected a []interface {}, but received a ${elementTypeOf(value)}`);
}

/** The elements of the patch must stand in the order that the `$setElementOrder` list gives. */
function checkOrder(changes: readonly Json[], order: readonly Json[], mergeKey: string | undefined): void {
  const kept = changes.filter((element) => !isDeletion(element));
  if (kept.length === 0 || order.length === 0) return;
  let at = 0;
  for (const element of order) if (at < kept.length && sameElement(kept[at] as Json, element, mergeKey)) at++;
  if (at === kept.length) return;
  const lists = [goValue(changes), goValue(order)] as const;
  throw new PatchError(`The order in patch list:\n${lists[0]}\n doesn't match $setElementOrder list:\n${lists[1]}\n`);
}
