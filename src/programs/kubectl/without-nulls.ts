import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";

/** An object without the fields that are null, as apply sends what it creates (kubectl pkg/cmd/apply pruneNullsFromMap, 1.33). */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, cleaned(value)] as const],
    ),
  );
}

function cleaned(value: Json): Json {
  if (isList(value)) return value.map(cleaned);
  return isObject(value) ? withoutNulls(value) : value;
}
