import { goValue } from "../go-text.ts";
import { allKeys, compareText, type Json, type JsonObject, sortedKeys } from "../json.ts";
import { isList, isObject, sameJson } from "../json-object.ts";
import { elementTypeOf, holdsMaps, keyOf, sameElement, sortedBy } from "./merge-list.ts";
import {
  DELETE_FROM_PRIMITIVE_LIST,
  type FieldStrategy,
  type MergeSchema,
  PATCH,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
  strategyOf,
} from "./merge-schema.ts";
import { combineStrategicPatches } from "./strategic-merge.ts";

type MutableObject = Record<string, Json | undefined>;

/** Which differences a patch speaks of. */
interface Scope {
  readonly deletions: boolean;
  readonly changes: boolean;
}

/** The strategic patch that makes `modified` out of `original`, as `kubectl set`, `edit` and controllers send it. */
export function twoWayStrategicPatch(original: JsonObject, modified: JsonObject, schema: MergeSchema): JsonObject {
  return diffMaps(original, modified, schema, { deletions: true, changes: true }, false);
}

/**
 * The strategic patch of `kubectl apply`: what `modified` adds to or changes in `current`, and what stood in `original`
 * (the last applied configuration) and is gone from `modified` (apimachinery CreateThreeWayMergePatch, 1.33).
 */
export function threeWayStrategicPatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: MergeSchema,
): JsonObject {
  const changes = diffMaps(current, modified, schema, { deletions: false, changes: true }, false);
  const deletions = diffMaps(original, modified, schema, { deletions: true, changes: false }, false);
  return combineStrategicPatches(deletions, changes, schema);
}

function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  schema: MergeSchema | undefined,
  scope: Scope,
  retainKeys: boolean,
): JsonObject {
  const patch: MutableObject = {};
  let added = false;
  for (const key of allKeys(original, modified)) {
    const before = original[key];
    const after = modified[key];
    if (after === undefined) {
      if (scope.deletions) patch[key] = null;
    } else if (before === undefined) {
      added = true;
      if (scope.changes) patch[key] = after;
    } else diffField(patch, key, before, after, schema, scope);
  }
  const keys = sortedKeys(modified);
  if (retainKeys && keys.length > 0 && (added || Object.keys(patch).length > 0)) patch[RETAIN_KEYS] = keys;
  return patch;
}

function diffField(
  patch: MutableObject,
  key: string,
  before: Json,
  after: Json,
  schema: MergeSchema | undefined,
  scope: Scope,
): void {
  if (elementTypeOf(before) !== elementTypeOf(after)) {
    if (scope.changes) patch[key] = after;
    return;
  }
  const field = strategyOf(schema, key);
  if (isObject(before) && isObject(after)) {
    if (field.strategy === "replace") {
      // Kubernetes sends such a map even if it did not change.
      if (scope.changes) patch[key] = after;
      return;
    }
    const inner = diffMaps(before, after, field.type, scope, field.retainKeys);
    if (Object.keys(inner).length > 0) patch[key] = inner;
  } else if (isList(before) && isList(after) && field.strategy === "merge") {
    diffLists(patch, key, before, after, field, scope);
  } else if (scope.changes && !sameJson(before, after)) patch[key] = after;
}

function diffLists(
  patch: MutableObject,
  key: string,
  before: readonly Json[],
  after: readonly Json[],
  field: FieldStrategy,
  scope: Scope,
): void {
  if (before.length === 0) {
    if (after.length > 0 && scope.changes) patch[key] = after;
    return;
  }
  if (!holdsMaps(before, after)) {
    diffPlainLists(patch, key, before, after, scope);
    return;
  }
  const mergeKey = field.mergeKey ?? "";
  const list = diffElements(before as readonly JsonObject[], after as readonly JsonObject[], field, scope);
  if (list.length > 0) patch[key] = list;
  const sameOrder =
    before.length === after.length && before.every((element, i) => sameElement(element, after[i] as Json, mergeKey));
  if (list.length > 0 || (scope.changes && !sameOrder)) {
    const order = after.map((element) => ({ [mergeKey]: (element as JsonObject)[mergeKey] ?? null }));
    if (order.length > 0) patch[SET_ELEMENT_ORDER + key] = order;
  }
}

/** What changed in a list of plain values: additions, and deletions in a list of their own. */
function diffPlainLists(
  patch: MutableObject,
  key: string,
  before: readonly Json[],
  after: readonly Json[],
  scope: Scope,
): void {
  const added = [...new Set(after.filter((value) => !before.includes(value)))];
  const deleted = [...new Set(before.filter((value) => !after.includes(value)))].sort(byText);
  if (scope.changes && added.length > 0) patch[key] = added;
  if (scope.deletions && deleted.length > 0) patch[DELETE_FROM_PRIMITIVE_LIST + key] = deleted;
  const ordering = (scope.deletions && deleted.length > 0) || (scope.changes && !sameJson(before, after));
  if (ordering && after.length > 0) patch[SET_ELEMENT_ORDER + key] = after;
}

/** The elements of the patch: changed and new ones in the order of `after`, then those to delete. */
function diffElements(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  field: FieldStrategy,
  scope: Scope,
): readonly Json[] {
  const mergeKey = field.mergeKey ?? "";
  const changes: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  const left = sortedByKey(before, mergeKey);
  const right = sortedByKey(after, mergeKey);
  let i = 0;
  let j = 0;
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (!a && !b) break;
    const order = !a ? 1 : !b ? -1 : byText(keyOf(a, mergeKey), keyOf(b, mergeKey));
    if (a && b && order === 0) {
      const inner = diffMaps(a, b, field.type, scope, field.retainKeys);
      if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: keyOf(b, mergeKey) });
      i++;
      j++;
    } else if (b && order > 0) {
      if (scope.changes) changes.push(b);
      j++;
    } else if (a) {
      if (scope.deletions) deletions.push({ [PATCH]: "delete", [mergeKey]: keyOf(a, mergeKey) });
      i++;
    }
  }
  return [...sortedBy(changes, after, mergeKey), ...deletions];
}

function sortedByKey(list: readonly JsonObject[], mergeKey: string): readonly JsonObject[] {
  return list.toSorted((a, b) => byText(keyOf(a, mergeKey), keyOf(b, mergeKey)));
}

function byText(a: Json, b: Json): number {
  return compareText(goValue(a), goValue(b));
}
