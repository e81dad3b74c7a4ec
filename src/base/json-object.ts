import type { Json, JsonObject } from "./json.ts";

/** Whether a value is a JSON object: neither a list nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether two values are the same JSON; the order of keys does not count, a key without a value is no key. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || a === undefined || b === undefined)
    return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isList(b)) return false;
  let count = 0;
  for (const key in a) {
    const value = (a as JsonObject)[key];
    if (value === undefined) continue;
    count++;
    if (!sameJson(value, (b as JsonObject)[key])) return false;
  }
  for (const key in b) if ((b as JsonObject)[key] !== undefined) count--;
  return count === 0;
}

/** The word Go uses for the JSON type of a value in decoding errors. */
export function jsonTypeName(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "array" : "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}
