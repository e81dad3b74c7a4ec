import { goValue } from "../go-text.ts";
import type { Json, JsonObject } from "../json.ts";
import { isList, isObject, sameJson } from "../json-object.ts";
import { type MergeSchema, PATCH } from "./merge-schema.ts";
import { PatchError } from "./patch-error.ts";

type List = readonly Json[];

/** How one element that is there already takes up the element of the patch. */
export type MergeElement = (had: JsonObject, patch: JsonObject, type: MergeSchema | undefined) => JsonObject;

/**
 * Merges a list whose strategy is `merge` element by element: maps by their merge key, plain values as a set. New
 * elements come first unless a `$setElementOrder` list says otherwise (apimachinery strategicpatch, 1.33).
 */
export function mergeList(
  original: List,
  patch: List,
  type: MergeSchema | undefined,
  mergeKey: string | undefined,
  mergeElement: MergeElement,
): List {
  if (original.length === 0 && patch.length === 0) return original;
  if (!holdsMaps(original, patch)) {
    const merged = withoutDoubles([...original, ...patch]);
    return ordered(merged, patch, patch, original, undefined);
  }
  if (mergeKey === undefined) throw new PatchError("cannot merge lists without merge key");
  const plain = obeyElementDirectives(original as readonly JsonObject[], patch as readonly JsonObject[], mergeKey);
  const merged: JsonObject[] = [...plain.original];
  for (const element of plain.patch) {
    const at = indexByKey(merged, mergeKey, keyOf(element, mergeKey));
    const had = merged[at];
    if (had) merged[at] = mergeElement(had, element, type);
    else merged.push(element);
  }
  return ordered(merged, plain.patch, plain.patch, plain.original, mergeKey);
}

/** Takes the values of a `$deleteFromPrimitiveList` out of a list. */
export function deleteFromList(original: List, deleted: List): List {
  return original.filter((value) => !deleted.includes(value));
}

/**
 * Puts merged elements in order: those named in `named` by `patchOrder`, all others by `liveOrder`; between the two
 * groups the live order decides, and where it does not know both, the named element comes first.
 */
export function ordered(
  merged: List,
  named: List,
  patchOrder: List,
  liveOrder: List,
  mergeKey: string | undefined,
): List {
  const left: Json[] = [];
  const right: Json[] = [];
  for (const element of merged) (indexIn(named, element, mergeKey) >= 0 ? right : left).push(element);
  const others = sortedBy(left, liveOrder, mergeKey);
  const chosen = sortedBy(right, patchOrder, mergeKey);
  const result: Json[] = [];
  let i = 0;
  let j = 0;
  while (i < others.length && j < chosen.length) {
    const a = indexIn(liveOrder, others[i] as Json, mergeKey);
    const b = indexIn(liveOrder, chosen[j] as Json, mergeKey);
    result.push((a >= 0 && b >= 0 && a < b ? others[i++] : chosen[j++]) as Json);
  }
  return [...result, ...others.slice(i), ...chosen.slice(j)];
}

/** The elements in the order of `order`; elements to be deleted come last. */
export function sortedBy(list: List, order: List, mergeKey: string | undefined): List {
  const kept = list.filter((element) => !isDeletion(element));
  const deleted = list.filter(isDeletion);
  const rank = new Map(kept.map((element) => [element, indexIn(order, element, mergeKey)]));
  const sorted = kept.toSorted((a, b) => {
    const [x = -1, y = -1] = [rank.get(a), rank.get(b)];
    return x >= 0 && y >= 0 ? x - y : 0;
  });
  return deleted.length > 0 ? [...sorted, ...deleted] : sorted;
}

export function isDeletion(element: Json): boolean {
  return isObject(element) && element[PATCH] === "delete";
}

/** The value of the merge key; an element without one is refused. */
export function keyOf(element: JsonObject, mergeKey: string): Json {
  const value = element[mergeKey];
  if (value !== undefined) return value;
  throw new PatchError(`map: ${goValue(element)} does not contain declared merge key: ${mergeKey}`);
}

/** Whether two elements are the same one: by merge key, or by value where there is no key. */
export function sameElement(a: Json, b: Json, mergeKey: string | undefined): boolean {
  if (mergeKey === undefined || !isObject(a) || !isObject(b)) return sameJson(a, b);
  return a[mergeKey] !== undefined && a[mergeKey] === b[mergeKey];
}

function indexIn(list: List, element: Json, mergeKey: string | undefined): number {
  if (mergeKey !== undefined && isObject(element)) return indexByKey(list, mergeKey, keyOf(element, mergeKey));
  return list.findIndex((other) => sameJson(other, element));
}

function indexByKey(list: List, mergeKey: string, value: Json): number {
  return list.findIndex((element, i) => {
    if (!isObject(element)) throw new PatchError(`value for key ${i} is not a map`);
    return element[mergeKey] === value;
  });
}

/** Obeys `$patch` in elements: `delete` drops the live element, `replace` drops all that is live. */
function obeyElementDirectives(
  original: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
): { original: readonly JsonObject[]; patch: readonly JsonObject[] } {
  let kept = original;
  let replace = false;
  const plain: JsonObject[] = [];
  for (const element of patch) {
    const directive = element[PATCH];
    if (directive === undefined) plain.push(element);
    else if (directive === "delete") {
      const key = keyOf(element, mergeKey);
      kept = kept.filter((had) => had[mergeKey] !== key);
    } else if (directive === "replace") replace = true;
    else if (directive === "merge") throw new PatchError("merging lists cannot yet be specified in the patch");
    else throw unknownDirective(directive, element);
  }
  return replace ? { original: plain, patch: [] } : { original: kept, patch: plain };
}

export function unknownDirective(directive: Json, map: JsonObject): PatchError {
  const word =
    typeof directive === "string"
      ? directive
      : directive === null
        ? "%!s(<nil>)"
        : `%!s(${elementTypeOf(directive)}=${goValue(directive)})`;
  return new PatchError(`unknown patch type: ${word} in map: ${goValue(map)}`);
}

/** The Go type of a decoded value. */
export function elementTypeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "nil";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return isList(value) ? "[]interface {}" : "map[string]interface {}";
}

/** Whether the lists hold maps; all elements must be of one type, and none a list. */
export function holdsMaps(...lists: readonly List[]): boolean {
  let first: string | undefined;
  for (const element of lists.flat()) {
    const type = elementTypeOf(element);
    first ??= type;
    if (first === "[]interface {}") throw new PatchError("lists of lists are not supported");
    if (type !== first) {
      throw new PatchError(`list element types are not identical: [${lists.map((list) => goValue(list)).join(" ")}]`);
    }
  }
  return first === "map[string]interface {}";
}

function withoutDoubles(list: Json[]): Json[] {
  return [...new Set(list)];
}
