import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { schemaAt } from "./define.ts";

/**
 * An object with the defaults of its schema filled in, from the outside in (apiextensions-apiserver
 * pkg/apiserver/schema/defaulting, 1.35). A null takes the default where the field may not be null. The same object
 * where nothing is missing.
 */
export function defaulted(object: JsonObject, schema: JsonObject): JsonObject {
  return fill(object, schema) as JsonObject;
}

function fill(value: Json, schema: JsonObject): Json {
  if (isList(value)) {
    const items = schemaAt(schema, "items");
    if (!items) return value;
    const next = value.map((item) => fill(item, items));
    return next.some((item, i) => item !== value[i]) ? next : value;
  }
  return isObject(value) ? fillObject(value, schema) : value;
}

function fillObject(object: JsonObject, schema: JsonObject): JsonObject {
  const properties = schemaAt(schema, "properties") ?? {};
  const others = schemaAt(schema, "additionalProperties");
  let next: Record<string, Json | undefined> | undefined;
  const put = (name: string, value: Json) => {
    if (object[name] === value) return;
    next ??= { ...object };
    next[name] = value;
  };
  for (const name in properties) {
    const inner = properties[name];
    if (!isObject(inner)) continue;
    let value = object[name];
    const missing = value === undefined || (value === null && inner.nullable !== true);
    if (missing && inner.default !== undefined && inner.default !== null) value = structuredClone(inner.default);
    if (value !== undefined) put(name, fill(value, inner));
  }
  if (others) {
    for (const name in object) {
      const value = object[name];
      if (value !== undefined && !(name in properties)) put(name, fill(value, others));
    }
  }
  return next ? (next as JsonObject) : object;
}
