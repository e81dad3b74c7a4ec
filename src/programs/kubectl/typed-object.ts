import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import type { FieldInfo, TypeInfo } from "../../schema/define.ts";
import { typeBehind, typeOfKind } from "../../schema/types.ts";

/**
 * An object as Go prints one of its own types (kubectl 1.33): the fields in the order of the struct, empty ones left
 * out where their tag says so, structs and the creation time there even when empty. Kinds that kubectl has no type of
 * stay as they are.
 */
export function typedObject(object: JsonObject): JsonObject {
  const type = goTypeOf(object);
  return type ? structOf(object, type) : object;
}

/** The Go type of an object's kind, if kubectl has one. */
export function goTypeOf({ apiVersion, kind }: JsonObject): TypeInfo | undefined {
  const [version = "", group = ""] = String(apiVersion ?? "")
    .split("/")
    .reverse();
  const type = typeOfKind(group, version, String(kind ?? ""));
  // Types that all groups share stand alone in no group.
  return type?.group === group ? type : undefined;
}

function structOf(object: JsonObject, type: TypeInfo): JsonObject {
  const result: Record<string, Json> = {};
  for (const field of type.fields.values()) {
    const value = fieldOf(object[field.name] ?? undefined, field);
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

function fieldOf(value: Json | undefined, field: FieldInfo): Json | undefined {
  if (value === undefined) return zeroOf(field);
  const typed = goForm(value, field);
  if (field.pointer || field.always) return typed;
  return isEmpty(typed) && !isStruct(field) ? undefined : typed;
}

/** What Go writes for a field that nobody set. */
function zeroOf(field: FieldInfo): Json | undefined {
  if (field.pointer) return field.always ? null : undefined;
  switch (field.type) {
    case "ref": {
      const type = typeBehind(field);
      return type ? structOf({}, type) : {};
    }
    case "time":
    case "microTime":
      return null;
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
  }
  if (!field.always) return undefined;
  switch (field.type) {
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "string":
      return "";
    case "duration":
      return "0s";
    default:
      return null;
  }
}

function isStruct({ type }: FieldInfo): boolean {
  return type === "ref" || type === "time" || type === "microTime" || type === "intOrString" || type === "quantity";
}

function isEmpty(value: Json): boolean {
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false || value === null;
}

function goForm(value: Json, field: FieldInfo): Json {
  const { items } = field;
  if (field.type === "array" && items && isList(value)) return value.map((item) => goForm(item, items));
  if (field.type === "map" && items && isObject(value)) {
    const entries = Object.keys(value)
      .toSorted()
      .map((key) => [key, goForm(value[key] ?? null, items)] as const);
    return Object.fromEntries(entries);
  }
  const type = field.type === "ref" ? typeBehind(field) : undefined;
  return type && isObject(value) ? structOf(value, type) : value;
}
