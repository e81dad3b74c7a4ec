import { FormatError } from "./format-error.ts";
import { type Json, sortedKeys } from "./json.ts";
import { isList, isObject } from "./json-object.ts";
import { evaluateJsonPath } from "./jsonpath/evaluate-jsonpath.ts";
import { JsonPathError, jsonOf } from "./jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "./jsonpath/parse-jsonpath.ts";
import { relaxedJsonPath } from "./jsonpath/relaxed-jsonpath.ts";
import { compareQuantity, parseQuantity } from "./quantity.ts";

interface Keyed<T> {
  readonly item: T;
  /** Undefined where the field is missing. */
  readonly key: Json | undefined;
}

/**
 * Sorts what `kubectl get --sort-by` lists: objects without the field first, quantities by value, other text by natural
 * order. Throws a FormatError in kubectl's words.
 */
export function sortByPath<T>(items: readonly T[], path: string, objectOf: (item: T) => Json): readonly T[] {
  const keyed = items.map((item) => ({ item, key: undefined as Json | undefined }));
  try {
    const expression = relaxedJsonPath(path);
    const parsed = parseJsonPath(expression);
    for (const one of keyed) {
      const found = evaluateJsonPath(parsed, objectOf(one.item))[0];
      if (found?.length) one.key = jsonOf(found[0]);
    }
    if (items.length > 0 && keyed.every((one) => one.key === undefined)) {
      throw new FormatError(`couldn't find any field with path "${expression}" in the list of objects`);
    }
  } catch (problem) {
    throw problem instanceof JsonPathError ? new FormatError(problem.message) : problem;
  }
  return keyed.toSorted(compareKeyed).map((one) => one.item);
}

function compareKeyed<T>(a: Keyed<T>, b: Keyed<T>): number {
  if (a.key === undefined || b.key === undefined) return Number(a.key !== undefined) - Number(b.key !== undefined);
  return compareFields(a.key, b.key);
}

function compareFields(a: Json, b: Json): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (isList(a) && isList(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareFields(a[i] ?? null, b[i] ?? null);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  throw new FormatError(`unsortable type: ${isObject(a) ? `map of ${sortedKeys(a).join(", ")}` : typeof a}`);
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  try {
    return compareQuantity(parseQuantity(a), parseQuantity(b));
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    return naturalOrder(a, b);
  }
}

/** Text with runs of digits compared as numbers: `pod-2` before `pod-10` (fvbommel/sortorder, as in kubectl 1.33). */
export function naturalOrder(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const digitsA = digitsAt(a, i);
    const digitsB = digitsAt(b, j);
    if ((digitsA === "") !== (digitsB === "")) return digitsA === "" ? 1 : -1;
    if (digitsA === "") {
      if (a[i] !== b[j]) return (a[i] ?? "") < (b[j] ?? "") ? -1 : 1;
      i++;
      j++;
      continue;
    }
    const plainA = digitsA.replace(/^0+/, "");
    const plainB = digitsB.replace(/^0+/, "");
    if (plainA.length !== plainB.length) return plainA.length - plainB.length;
    if (plainA !== plainB) return plainA < plainB ? -1 : 1;
    if (digitsA.length !== digitsB.length) return digitsA.length - digitsB.length;
    i += digitsA.length;
    j += digitsB.length;
  }
  return a.length - i - (b.length - j);
}

function digitsAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return text.slice(at, end);
}
