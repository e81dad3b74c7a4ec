import { FormatError } from "../src/base/format-error.ts";
import { type Json, type JsonObject, toJson } from "../src/base/json.ts";
import { isList, isObject } from "../src/base/json-object.ts";
import { compareQuantity, parseQuantity } from "../src/base/quantity.ts";

/** Keys below which values are quantities: 1Gi and 1024Mi are the same there. */
const quantityParents = new Set([
  "allocatable",
  "capacity",
  "default",
  "defaultRequest",
  "hard",
  "limits",
  "max",
  "min",
  "podFixed",
  "requests",
  "used",
]);
const quantityKeys = new Set(["sizeLimit"]);
/** What an element of a list is told by, in this order. */
const identities = ["name", "type", "key", "ip", "mountPath", "containerPort", "port"];

/**
 * How `actual` differs from the shape `wanted`, in plain words; none where it contains it. Mappings may have more keys;
 * null means that there must be nothing. Every element wanted in a list must be contained in one element of the actual
 * list: all of its keys together.
 */
export function differences(actual: Json | undefined, wanted: Json, path = ""): readonly string[] {
  if (wanted === null)
    return actual === undefined || actual === null ? [] : [`${path} is ${shown(actual)}, expected none`];
  if (isObject(wanted)) return ofObject(actual, wanted, path);
  if (isList(wanted)) return ofList(actual, wanted, path);
  if (actual === wanted || (isQuantity(path) && sameQuantity(actual, wanted))) return [];
  if (actual === undefined || actual === null) return [`${path} is not set, expected ${shown(wanted)}`];
  return [`${path} is ${shown(actual)}, expected ${shown(wanted)}`];
}

function ofObject(actual: Json | undefined, wanted: JsonObject, path: string): readonly string[] {
  const fields = isObject(actual) ? actual : undefined;
  const isThere = actual !== undefined && actual !== null;
  if (isThere && !fields) return [`${path} is ${shown(actual)}, expected ${shown(wanted)}`];
  const found: string[] = [];
  for (const [key, value] of Object.entries(wanted))
    if (value !== undefined)
      found.push(...differences(fields?.[key], value, path === "" ? key : `${path}${step(key)}`));
  return found;
}

function step(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${key}]`;
}

function ofList(actual: Json | undefined, wanted: readonly Json[], path: string): readonly string[] {
  if (actual !== undefined && actual !== null && !isList(actual))
    return [`${path} is ${shown(actual)}, expected a list`];
  const items = isList(actual) ? actual : [];
  if (wanted.length === 0) return items.length === 0 ? [] : [`${path} has ${items.length} elements, expected none`];
  return wanted.flatMap((one) => ofElement(items, one, path));
}

function ofElement(items: readonly Json[], wanted: Json, path: string): readonly string[] {
  if (items.some((item) => differences(item, wanted, path).length === 0)) return [];
  const identity = isObject(wanted)
    ? identities.find((key) => wanted[key] !== undefined && !isObject(wanted[key]))
    : undefined;
  if (identity !== undefined && isObject(wanted)) {
    const value = wanted[identity] as Json;
    const same = items.find((item) => isObject(item) && item[identity] === value);
    if (same !== undefined) return differences(same, wanted, `${path}[${identity}=${shown(value)}]`);
    const others = items.map((item) => (isObject(item) ? shown(item[identity] ?? null) : shown(item)));
    return [
      `${path} has no element with ${identity} ${shown(value)}${others.length > 0 ? ` (it has ${others.join(", ")})` : ""}`,
    ];
  }
  if (items.length === 0) return [`${path} is empty, expected ${shown(wanted)}`];
  return [`${path} is ${shown(items)}, expected an element like ${shown(wanted)}`];
}

function isQuantity(path: string): boolean {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  return quantityParents.has(keys.at(-2) ?? "") || quantityKeys.has(keys.at(-1) ?? "");
}

function sameQuantity(a: Json | undefined, b: Json): boolean {
  const isAmount = (value: Json | undefined): value is string | number =>
    typeof value === "string" || typeof value === "number";
  if (!isAmount(a) || !isAmount(b)) return false;
  try {
    return compareQuantity(parseQuantity(a), parseQuantity(b)) === 0;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** A value in a sentence: short, texts without quotes where that is clear. */
export function shown(value: Json): string {
  if (typeof value === "string") return /^[\w./:@%+-]+$/.test(value) ? value : JSON.stringify(value);
  const text = toJson(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
