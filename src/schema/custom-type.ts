import type { Json, JsonObject } from "../base/json.ts";
import { isList, isObject } from "../base/json-object.ts";
import type { FieldInfo, FieldType, TypeInfo } from "./define.ts";
import { typeNamed } from "./types.ts";

export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const standardFields = typeNamed("io.k8s.api.core.v1.ConfigMap")?.fields;

/** The type that a CustomResourceDefinition's openAPIV3Schema describes, with the three fields every object has. */
export function customType(schema: JsonObject | undefined, { group, version, kind }: CustomKind): TypeInfo {
  const name = [...group.split(".").reverse(), version, kind].join(".");
  const inner = objectType(schema ?? {}, name, { group, version });
  const fields = new Map(inner.fields);
  for (const key of ["apiVersion", "kind", "metadata"]) {
    const standard = standardFields?.get(key);
    if (standard) fields.set(key, { ...standard, ...(texts[key] === undefined ? {} : { description: texts[key] }) });
  }
  return { ...inner, isKind: true, fields };
}

const docs = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

/** The texts that apiextensions 1.35 puts on the fields of every custom resource. */
const texts: Readonly<Record<string, string>> = {
  apiVersion: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${docs}#resources`,
  kind: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${docs}#types-kinds`,
  metadata: `Standard object's metadata. More info: ${docs}#metadata`,
};

function objectType(schema: JsonObject, name: string, gv: Pick<CustomKind, "group" | "version">): TypeInfo {
  const fields = new Map<string, FieldInfo>();
  const required = isList(schema.required) ? schema.required : [];
  for (const [key, value] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    if (isObject(value)) fields.set(key, fieldOfSchema(key, value, required.includes(key), `${name}.${key}`, gv));
  }
  const atomic = schema["x-kubernetes-map-type"] === "atomic" ? { mapType: "atomic" as const } : {};
  return {
    name,
    isKind: false,
    ...gv,
    fields,
    messages: new Map(),
    description: textOf(schema.description),
    ...atomic,
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function fieldOfSchema(
  name: string,
  schema: JsonObject,
  required: boolean,
  path: string,
  gv: Pick<CustomKind, "group" | "version">,
): FieldInfo {
  const type = fieldTypeOf(schema);
  const values = isList(schema.enum)
    ? schema.enum.map((v) => (typeof v === "string" ? v : JSON.stringify(v)))
    : undefined;
  const keys = isList(schema["x-kubernetes-list-map-keys"])
    ? schema["x-kubernetes-list-map-keys"].map(String)
    : undefined;
  const inner = itemsOf(schema, type);
  return {
    name,
    type,
    ...(type === "integer" ? { format: schema.format === "int32" ? ("int32" as const) : ("int64" as const) } : {}),
    ...(type === "ref" ? { inner: objectType(schema, path, gv) } : {}),
    ...(inner ? { items: fieldOfSchema("", inner, false, path, gv) } : {}),
    required,
    pointer: true,
    always: false,
    omitZero: false,
    goType: type,
    description: textOf(schema.description),
    ...(values ? { enum: values } : {}),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(type === "array" ? { listType: listTypeOf(schema) } : {}),
    ...(keys ? { listMapKeys: keys } : {}),
    ...mapTypeOf(schema, type),
  };
}

/** What is not specified may still have owners key by key. */
function mapTypeOf(schema: JsonObject, type: FieldType): Pick<FieldInfo, "mapType"> {
  if (schema["x-kubernetes-map-type"] === "atomic") return { mapType: "atomic" };
  return type === "any" && schema["x-kubernetes-preserve-unknown-fields"] === true ? { mapType: "granular" } : {};
}

function listTypeOf(schema: JsonObject): "map" | "set" | "atomic" {
  const type = schema["x-kubernetes-list-type"];
  return type === "map" || type === "set" ? type : "atomic";
}

function fieldTypeOf(schema: JsonObject): FieldType {
  if (schema["x-kubernetes-int-or-string"] === true) return "intOrString";
  if (schema.type !== "object") {
    const type = schema.type;
    return type === "string" || type === "integer" || type === "number" || type === "boolean" || type === "array"
      ? type
      : "any";
  }
  if (isObject(schema.properties)) return "ref";
  return isObject(schema.additionalProperties) ? "map" : "any";
}

function itemsOf(schema: JsonObject, type: FieldType): JsonObject | undefined {
  const items = type === "array" ? schema.items : type === "map" ? schema.additionalProperties : undefined;
  return isObject(items) ? items : undefined;
}
