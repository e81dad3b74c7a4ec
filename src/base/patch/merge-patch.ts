import { allKeys, type Json, type JsonObject, sortedKeys } from "../json.ts";
import { isObject, sameJson } from "../json-object.ts";
import { PatchError } from "./patch-error.ts";

type MutableObject = Record<string, Json | undefined>;

/** Applies a JSON merge patch (RFC 7386). What the patch does not name is shared with the original. */
export function applyMergePatch(original: JsonObject, patch: Json): JsonObject {
  if (!isObject(patch)) throw new PatchError("Invalid JSON Patch", "decode");
  return merge(original, patch);
}

function merge(original: JsonObject, patch: JsonObject): JsonObject {
  let changed: MutableObject | undefined;
  for (const key in patch) {
    const wanted = patch[key];
    const had = original[key];
    if (wanted === undefined) continue;
    if (wanted === null) {
      if (had === undefined) continue;
      changed ??= { ...original };
      delete changed[key];
      continue;
    }
    const next = isObject(wanted) && isObject(had) ? merge(had, wanted) : withoutNulls(wanted);
    if (next === had) continue;
    changed ??= { ...original };
    changed[key] = next;
  }
  return changed ?? original;
}

/** A new value without the nulls inside its maps; nulls that stand in a list themselves stay. */
function withoutNulls(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const kept: MutableObject = {};
  for (const [key, item] of Object.entries(value))
    if (item !== null && item !== undefined) kept[key] = withoutNulls(item);
  return kept;
}

/** The merge patch that makes `modified` out of `original`; keys sorted. */
export function twoWayMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: MutableObject = {};
  for (const key of allKeys(original, modified)) {
    const before = original[key];
    const after = modified[key];
    if (after === undefined) patch[key] = null;
    else if (isObject(before) && isObject(after)) {
      const inner = twoWayMergePatch(before, after);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!sameJson(before, after)) patch[key] = after;
  }
  return patch;
}

/**
 * The merge patch of `kubectl apply` for kinds without strategic merge: what `modified` adds to or changes in `current`,
 * and as null what stood in `original` (the last applied) and is gone from `modified`.
 */
export function threeWayMergePatch(original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
  const changes = onlyNulls(twoWayMergePatch(current, modified), false);
  const deletions = onlyNulls(twoWayMergePatch(original, modified), true);
  return combine(deletions, changes);
}

/** The nulls of a patch alone, or all but the nulls; maps that become empty are left out. */
function onlyNulls(patch: JsonObject, keepNulls: boolean): JsonObject {
  const kept: MutableObject = {};
  for (const [key, value] of Object.entries(patch)) {
    if (isObject(value)) {
      const inner = onlyNulls(value, keepNulls);
      if (Object.keys(inner).length > 0 || (!keepNulls && Object.keys(value).length === 0)) kept[key] = inner;
    } else if ((value === null) === keepNulls) kept[key] = value;
  }
  return kept;
}

/** Two patches as one; where both name a key the second wins, nulls are kept. */
function combine(first: JsonObject, second: JsonObject): JsonObject {
  const both: MutableObject = {};
  for (const key of sortedKeys({ ...first, ...second })) {
    const [a, b] = [first[key], second[key]];
    both[key] = isObject(a) && isObject(b) ? combine(a, b) : (b ?? a);
  }
  return both;
}
