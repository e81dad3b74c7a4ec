import { FormatError } from "./format-error.ts";
import { compareText, type Json } from "./json.ts";
import { evaluateJsonPath } from "./jsonpath/evaluate-jsonpath.ts";
import { goTypeName } from "./jsonpath/go-type-name.ts";
import { JsonPathError, jsonOf } from "./jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "./jsonpath/parse-jsonpath.ts";
import { relaxedJsonPath } from "./jsonpath/relaxed-jsonpath.ts";
import { compareQuantity, parseQuantity, type Quantity } from "./quantity.ts";

interface Keyed<T> {
  readonly item: T;
  /** Undefined where the field is missing. */
  key: Json | undefined;
}

/**
 * Sorts what `kubectl get --sort-by` lists (kubectl 1.33): objects without the field first, then null, quantities by
 * value, other text by bytes. Throws a FormatError in kubectl's words. Up to twelve objects come in kubectl's order also
 * where they are equal; among more, equal ones keep their order (kubectl's own order is then that of Go's unstable sort).
 */
export function sortByPath<T>(items: readonly T[], path: string, objectOf: (item: T) => Json): readonly T[] {
  const keyed: Keyed<T>[] = items.map((item) => ({ item, key: undefined }));
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
    return sorted(keyed, expression).map((one) => one.item);
  } catch (problem) {
    throw problem instanceof JsonPathError ? new FormatError(problem.message) : problem;
  }
}

/** Go's sort.Sort sorts up to twelve elements by insertion. */
const insertionLimit = 12;

function sorted<T>(keyed: Keyed<T>[], path: string): Keyed<T>[] {
  const before = (a: Keyed<T>, b: Keyed<T>) => a.key === undefined || (b.key !== undefined && less(a.key, b.key, path));
  if (keyed.length > insertionLimit) {
    return keyed.sort((a, b) => {
      if (a.key === undefined && b.key === undefined) return 0;
      return before(a, b) ? -1 : before(b, a) ? 1 : 0;
    });
  }
  for (let i = 1; i < keyed.length; i++) {
    for (let j = i; j > 0; j--) {
      const [left, right] = [keyed[j - 1], keyed[j]];
      if (!left || !right || !before(right, left)) break;
      keyed[j - 1] = right;
      keyed[j] = left;
    }
  }
  return keyed;
}

function less(a: Json, b: Json, path: string): boolean {
  if (a === null || b === null) return a === null && b !== null;
  const [type, other] = [goTypeName(a), goTypeName(b)];
  if (type !== "string" && type !== "int64" && type !== "float64") throw unsortable(path, `type: ${type}`);
  if (type !== other) throw unsortable(path, "interface: interface");
  if (typeof a === "string" && typeof b === "string") return lessText(a, b);
  return (a as number) < (b as number);
}

function unsortable(path: string, what: string): FormatError {
  const type = "*unstructured.Unstructured is an unsortable type: interface";
  return new FormatError(`Field ${path} in ${type}, err: unsortable ${what}`);
}

function lessText(a: string, b: string): boolean {
  const x = quantityOf(a);
  const y = x && quantityOf(b);
  return x && y ? compareQuantity(x, y) < 0 : compareText(a, b) < 0;
}

function quantityOf(text: string): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch (problem) {
    if (problem instanceof FormatError) return undefined;
    throw problem;
  }
}
