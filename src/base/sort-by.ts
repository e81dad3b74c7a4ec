import { FormatError } from "./format-error.ts";
import { goSort } from "./go-sort.ts";
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
 * value, other text by bytes. Equal ones come in the order of Go's sort. Throws a FormatError in kubectl's words.
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

/** What the texts are as quantities; each is read once. */
type Quantities = Map<string, Quantity | undefined>;

function sorted<T>(keyed: Keyed<T>[], path: string): Keyed<T>[] {
  const quantities: Quantities = new Map();
  return goSort(keyed, (a, b) => a.key === undefined || (b.key !== undefined && less(a.key, b.key, path, quantities)));
}

function less(a: Json, b: Json, path: string, quantities: Quantities): boolean {
  if (a === null || b === null) return a === null && b !== null;
  const [type, other] = [goTypeName(a), goTypeName(b)];
  if (type !== "string" && type !== "int64" && type !== "float64") throw unsortable(path, `type: ${type}`);
  if (type !== other) throw unsortable(path, "interface: interface");
  if (typeof a === "string" && typeof b === "string") return lessText(a, b, quantities);
  return (a as number) < (b as number);
}

function unsortable(path: string, what: string): FormatError {
  const type = "*unstructured.Unstructured is an unsortable type: interface";
  return new FormatError(`Field ${path} in ${type}, err: unsortable ${what}`);
}

function lessText(a: string, b: string, quantities: Quantities): boolean {
  const x = quantityOf(a, quantities);
  const y = x && quantityOf(b, quantities);
  return x && y ? compareQuantity(x, y) < 0 : compareText(a, b) < 0;
}

function quantityOf(text: string, quantities: Quantities): Quantity | undefined {
  if (quantities.has(text)) return quantities.get(text);
  let quantity: Quantity | undefined;
  try {
    quantity = parseQuantity(text);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
  }
  quantities.set(text, quantity);
  return quantity;
}
