import { FormatError } from "../../base/format-error.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject, sameJson } from "../../base/json-object.ts";
import { guestRegex } from "../../base/regex.ts";
import { isEmbedded, preservesUnknown, schemaAt } from "../../schema/structural/define.ts";
import type { Problem } from "../define.ts";
import { forbidden, required, wrong } from "../problem.ts";

// apiextensions-apiserver pkg/apiserver/schema/validation.go and complete.go, 1.35: what makes a schema structural.

type Level = "root" | "item" | "field";

/** Why a schema is not structural. */
export function structuralProblems(schema: JsonObject, path: string): Problem[] {
  return [...invariants(schema, "root", path), ...completeness(schema, schema, path)];
}

const missingType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function invariants(schema: JsonObject, level: Level, path: string): Problem[] {
  const found: Problem[] = [];
  const { type } = schema;
  const embedded = isEmbedded(schema);
  const items = schemaAt(schema, "items");
  if (type === "array" && !items) found.push(required(`${path}.items`, "must be specified"));
  if (items) found.push(...invariants(items, "item", `${path}.items`));
  const properties = schemaAt(schema, "properties") ?? {};
  for (const [name, inner] of Object.entries(properties))
    if (isObject(inner)) found.push(...invariants(inner, "field", `${path}.properties[${name}]`));
  if (schema.additionalProperties !== undefined && level === "root")
    found.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
  const others = schemaAt(schema, "additionalProperties");
  if (others) found.push(...invariants(others, "field", `${path}.additionalProperties`));
  const either = schema["x-kubernetes-int-or-string"] === true;
  const preserves = preservesUnknown(schema);
  if (either && preserves)
    found.push(
      wrong(
        `${path}.x-kubernetes-preserve-unknown-fields`,
        true,
        "must be false if x-kubernetes-int-or-string is true",
      ),
    );
  found.push(...valueProblems(schema, path));
  const mustBeObject = "must be object if x-kubernetes-embedded-resource is true";
  if (embedded && type !== "object")
    found.push(type ? wrong(`${path}.type`, type, mustBeObject) : required(`${path}.type`, mustBeObject));
  else if (!type && !either && !preserves) found.push(required(`${path}.type`, missingType[level]));
  if (level === "root" && type && type !== "object")
    found.push(wrong(`${path}.type`, type, "must be object at the root"));
  if (embedded && !preserves && Object.keys(properties).length === 0) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    found.push(required(`${path}.properties`, detail));
  }
  if (level === "root" || embedded) found.push(...metadataProblems(properties, level, path));
  return found;
}

/** apiVersion, kind and metadata are what they are: a schema may only restrict the name. */
function metadataProblems(properties: JsonObject, level: Level, path: string): Problem[] {
  const found: Problem[] = [];
  for (const name of ["kind", "apiVersion"]) {
    const inner = properties[name];
    if (isObject(inner) && inner.type !== "string")
      found.push(wrong(`${path}.properties[${name}].type`, inner.type ?? "", "must be string"));
  }
  const { metadata } = properties;
  if (!isObject(metadata)) return found;
  const where = `${path}.properties[metadata]`;
  if (metadata.type !== "object") found.push(wrong(`${where}.type`, metadata.type ?? "", "must be object"));
  const known = Object.keys(schemaAt(metadata, "properties") ?? {});
  const other = Object.keys(metadata).some((key) => key !== "type" && key !== "properties" && key !== "description");
  if (level === "root" && (other || known.some((name) => name !== "name" && name !== "generateName"))) {
    const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
    found.push(forbidden(where, detail));
  }
  return found;
}

const eitherOf: Json = [{ type: "integer" }, { type: "string" }];

function valueProblems(schema: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  const isEither = schema["x-kubernetes-int-or-string"] === true;
  for (const key of ["anyOf", "allOf", "oneOf"]) {
    const list = isList(schema[key]) ? (schema[key] as readonly Json[]) : [];
    if (isEither && key === "anyOf" && sameJson(list, eitherOf)) continue;
    list.forEach((inner, i) => {
      if (!isObject(inner)) return;
      const first = isEither && key === "allOf" && i === 0 && sameJson(inner.anyOf, eitherOf);
      if (!first) found.push(...nestedProblems(inner, `${path}.${key}[${i}]`));
    });
  }
  const not = schemaAt(schema, "not");
  if (not) found.push(...nestedProblems(not, `${path}.not`));
  if (typeof schema.pattern === "string") {
    try {
      guestRegex(schema.pattern);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const detail = `must be a valid regular expression, but isn't: ${error.message}`;
      found.push(wrong(`${path}.pattern`, schema.pattern, detail));
    }
  }
  return found;
}

/** What may not stand in allOf, anyOf, oneOf and not. */
const structure: readonly (readonly [key: string, detail: string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

function nestedProblems(schema: JsonObject, path: string): Problem[] {
  const found = valueProblems(schema, path);
  for (const [key, detail] of structure) {
    const value = schema[key];
    if (value !== undefined && value !== false && value !== "") found.push(forbidden(`${path}.${key}`, detail));
  }
  const items = schemaAt(schema, "items");
  if (items) found.push(...nestedProblems(items, `${path}.items`));
  for (const [name, inner] of Object.entries(schemaAt(schema, "properties") ?? {})) {
    if (name === "metadata")
      found.push(forbidden(`${path}.properties[metadata]`, "must not be specified in a nested context"));
    if (isObject(inner)) found.push(...nestedProblems(inner, `${path}.properties[${name}]`));
  }
  return found;
}

/** Every field that is restricted must be specified as well. */
function completeness(schema: JsonObject, spine: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    const list = isList(schema[key]) ? (schema[key] as readonly Json[]) : [];
    list.forEach((inner, i) => {
      if (isObject(inner)) found.push(...specified(inner, spine, path, `${path}.${key}[${i}]`));
    });
  }
  const not = schemaAt(schema, "not");
  if (not) found.push(...specified(not, spine, path, `${path}.not`));
  for (const [name, inner] of Object.entries(schemaAt(schema, "properties") ?? {}))
    if (isObject(inner)) found.push(...completeness(inner, inner, `${path}.properties[${name}]`));
  for (const key of ["items", "additionalProperties"]) {
    const inner = schemaAt(schema, key);
    if (inner) found.push(...completeness(inner, inner, `${path}.${key}`));
  }
  return found;
}

function specified(nested: JsonObject, spine: JsonObject, spinePath: string, path: string): Problem[] {
  const found: Problem[] = [];
  const own = schemaAt(spine, "properties") ?? {};
  for (const [name, inner] of Object.entries(schemaAt(nested, "properties") ?? {})) {
    if (!isObject(inner)) continue;
    const [where, from] = [`${spinePath}.properties[${name}]`, `${path}.properties[${name}]`];
    const there = own[name];
    if (isObject(there)) found.push(...specified(inner, there, where, from));
    else found.push(required(where, `because it is defined in ${from}`));
  }
  const items = schemaAt(nested, "items");
  const there = schemaAt(spine, "items");
  if (items && there) found.push(...specified(items, there, `${spinePath}.items`, `${path}.items`));
  else if (items) found.push(required(`${spinePath}.items`, `because it is defined in ${path}.items`));
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    const list = isList(nested[key]) ? (nested[key] as readonly Json[]) : [];
    list.forEach((inner, i) => {
      if (isObject(inner)) found.push(...specified(inner, spine, spinePath, `${path}.${key}[${i}]`));
    });
  }
  return found;
}
