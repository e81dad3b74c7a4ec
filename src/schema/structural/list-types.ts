import { type Json, type JsonObject, sortedKeys } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { childPath, type SchemaFault, schemaAt, schemaOfProperty } from "./define.ts";

/** Elements that come twice in lists of type set or map (apiextensions-apiserver pkg/apiserver/schema/listtype, 1.35). */
export function listTypeFaults(schema: JsonObject, value: Json, path = ""): SchemaFault[] {
  const faults: SchemaFault[] = [];
  visit(schema, value, path, faults);
  return faults;
}

function visit(schema: JsonObject, value: Json, path: string, faults: SchemaFault[]): void {
  if (isList(value)) {
    faults.push(...duplicatesIn(schema, value, path));
    const items = schemaAt(schema, "items");
    if (items) for (const [i, item] of value.entries()) visit(items, item, `${path}[${i}]`, faults);
    return;
  }
  if (!isObject(value)) return;
  for (const name of sortedKeys(value)) {
    const inner = schemaOfProperty(schema, name);
    const item = value[name];
    if (!inner || item === undefined) continue;
    const isMap = !schemaAt(schema, "properties")?.[name];
    visit(inner, item, isMap ? `${path}[${name}]` : childPath(path, name), faults);
  }
}

function duplicatesIn(schema: JsonObject, list: readonly Json[], path: string): SchemaFault[] {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "set" && type !== "map") return [];
  const keys = isList(schema["x-kubernetes-list-map-keys"]) ? schema["x-kubernetes-list-map-keys"].map(String) : [];
  const seen = new Set<string>();
  const faults: SchemaFault[] = [];
  list.forEach((item, i) => {
    const shown = type === "map" ? keysOf(item, keys) : item;
    const text = JSON.stringify(shown, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
    if (seen.has(text)) faults.push({ type: "Duplicate", path: `${path}[${i}]`, value: shown });
    seen.add(text);
  });
  return faults;
}

function keysOf(item: Json, keys: readonly string[]): JsonObject {
  const found: Record<string, Json> = {};
  for (const key of keys.toSorted()) {
    const value = isObject(item) ? item[key] : undefined;
    if (value !== undefined) found[key] = value;
  }
  return found;
}
