import { compareText, type Json, type JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { childPath, isEmbedded, preservesUnknown, schemaAt } from "./define.ts";

const ownFields = ["apiVersion", "kind", "metadata"];

/**
 * An object without the fields that its schema does not know, and their paths (apiextensions-apiserver
 * pkg/apiserver/schema/pruning, 1.35). The same object where there are none.
 */
export function pruned(object: JsonObject, schema: JsonObject): { object: JsonObject; unknown: readonly string[] } {
  const unknown: string[] = [];
  const left = pruneObject(object, { ...schema, "x-kubernetes-embedded-resource": true }, "", unknown);
  return { object: left, unknown: unknown.sort(compareText) };
}

function prune(value: Json, schema: JsonObject | undefined, path: string, unknown: string[]): Json {
  if (isList(value)) {
    const items = schema && (schemaAt(schema, "items") ?? (preservesUnknown(schema) ? schema : undefined));
    const next = value.map((item, i) => prune(item, items, `${path}[${i}]`, unknown));
    return next.some((item, i) => item !== value[i]) ? next : value;
  }
  return isObject(value) ? pruneObject(value, schema, path, unknown) : value;
}

function pruneObject(object: JsonObject, schema: JsonObject = {}, path: string, unknown: string[]): JsonObject {
  const properties = schemaAt(schema, "properties") ?? {};
  const others = schemaAt(schema, "additionalProperties");
  const keeps = preservesUnknown(schema) || schema.additionalProperties === true;
  const embedded = isEmbedded(schema);
  let changed = false;
  const next: Record<string, Json | undefined> = {};
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const where = childPath(path, name);
    const own = properties[name];
    if (embedded && ownFields.includes(name)) next[name] = value;
    else if (isObject(own)) next[name] = prune(value, own, where, unknown);
    else if (others) next[name] = prune(value, others, where, unknown);
    else if (keeps) next[name] = value;
    else {
      unknown.push(where);
      changed = true;
    }
    if (next[name] !== value) changed = true;
  }
  return changed ? (next as JsonObject) : object;
}
