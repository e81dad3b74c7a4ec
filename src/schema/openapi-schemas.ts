import type { Json, JsonObject } from "../base/json.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";
import { namedValues, statedDefault, valueTypeName } from "./named-values.ts";
import { fieldText, namedValueText, typeText } from "./texts.ts";
import { describedGroupVersions, typeBehind } from "./types.ts";

type Fresh = Record<string, Json | undefined>;

/** `components.schemas` of the types given and of all they refer to, as a live server of 1.35 shows them. */
export function componentSchemas(types: readonly TypeInfo[]): JsonObject {
  const schemas: Record<string, JsonObject> = {};
  const visit = (type: TypeInfo): void => {
    if (schemas[type.name]) return;
    schemas[type.name] = typeSchema(type);
    for (const field of type.fields.values()) visitField(field);
  };
  const visitField = (field: FieldInfo): void => {
    const value = valueTypeName(field);
    if (value !== undefined) schemas[value] ??= { description: namedValueText(value), ...namedValues[value] };
    if (field.items) visitField(field.items);
    const type = typeBehind(field);
    if (type && !field.inner) visit(type);
    else for (const inner of type?.fields.values() ?? []) visitField(inner);
  };
  for (const type of types) visit(type);
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The schema of one type. */
export function typeSchema(type: TypeInfo): JsonObject {
  const description = typeText(type);
  const schema: Fresh = { ...(description === "" ? {} : { description }), type: "object" };
  const required = [...type.fields.values()].filter((field) => field.required).map((field) => field.name);
  const properties: Fresh = {};
  for (const name of [...type.fields.keys()].sort()) {
    const field = type.fields.get(name);
    if (!field) continue;
    properties[name] = fieldSchema(field, fieldText(type, field), isListItems(type, name));
  }
  if (required.length > 0) schema.required = required;
  if (type.fields.size > 0) schema.properties = properties;
  if (type.isKind) schema["x-kubernetes-group-version-kind"] = kindsOf(type);
  if (type.mapType) schema["x-kubernetes-map-type"] = type.mapType;
  if (type.union) {
    const { discriminator, fields } = type.union;
    schema["x-kubernetes-unions"] = [{ discriminator, "fields-to-discriminateBy": fields }];
  }
  return schema as JsonObject;
}

/** Lists without a list type: the `items` of lists of objects, and Verbs, which are a type of their own in Go. */
function isListItems(type: TypeInfo, name: string): boolean {
  return (
    (name === "items" && type.isKind && type.name.endsWith("List")) || type.fields.get(name)?.goType === "v1.Verbs"
  );
}

function kindsOf(type: TypeInfo): Json {
  const kind = type.name.slice(type.name.lastIndexOf(".") + 1);
  if (type.group !== "meta.k8s.io") return [{ group: type.group, kind, version: type.version }];
  const everywhere = kind === "DeleteOptions" || kind === "WatchEvent";
  return (everywhere ? describedGroupVersions() : [["", "v1"] as const]).map(([group, version]) => ({
    group,
    kind,
    version,
  }));
}

function fieldSchema(field: FieldInfo, description: string, plainList: boolean): JsonObject {
  const schema: Fresh = { ...valueSchema(field, description !== "" || statedDefault(field) !== undefined) };
  if (description !== "") schema.description = description;
  const value = statedDefault(field);
  if (value !== undefined) schema.default = value;
  if (field.enum) schema.enum = field.enum;
  if (field.mapType) schema["x-kubernetes-map-type"] = field.mapType;
  if (field.listType && !plainList) schema["x-kubernetes-list-type"] = field.listType;
  if (field.listMapKeys) schema["x-kubernetes-list-map-keys"] = field.listMapKeys;
  if (field.mergeKey) schema["x-kubernetes-patch-merge-key"] = field.mergeKey;
  if (field.patchStrategy) schema["x-kubernetes-patch-strategy"] = field.patchStrategy;
  return schema as JsonObject;
}

/** The shape alone. A reference with anything beside it stands in an allOf. */
function valueSchema(field: FieldInfo, hasMore: boolean): JsonObject {
  if (field.inner) return typeSchema(field.inner);
  if (field.type === "intOrString" && valueTypeName(field) === undefined) return { "x-kubernetes-int-or-string": true };
  const name = field.ref ?? valueTypeName(field);
  if (name !== undefined) {
    const reference = { $ref: `#/components/schemas/${name}` };
    return hasMore ? { allOf: [reference] } : reference;
  }
  switch (field.type) {
    case "array":
      return { type: "array", ...(field.items ? { items: elementSchema(field.items) } : {}) };
    case "map":
      return { type: "object", ...(field.items ? { additionalProperties: elementSchema(field.items) } : {}) };
    case "integer":
      return { type: "integer", format: field.format ?? "int64" };
    case "number":
      return { type: "number", format: "double" };
    case "boolean":
      return { type: "boolean" };
    case "bytes":
      return { type: "string", format: "byte" };
    case "any":
      return { type: "object" };
    default:
      return { type: "string" };
  }
}

function elementSchema(items: FieldInfo): JsonObject {
  if (items.inner || items.description !== undefined) return fieldSchema(items, items.description ?? "", false);
  const value =
    items.type === "array" || items.type === "map" || valueTypeName(items) !== undefined
      ? undefined
      : statedDefault(items);
  return { ...valueSchema(items, value !== undefined), ...(value === undefined ? {} : { default: value }) };
}
