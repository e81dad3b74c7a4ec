import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { defaulted } from "../../schema/structural/defaulting.ts";
import { NOWHERE, schemaAt } from "../../schema/structural/define.ts";
import { pruned } from "../../schema/structural/prune.ts";
import { schemaFaults } from "../../schema/structural/validate.ts";
import type { Problem } from "../define.ts";
import { forbidden, problemText, required, unsupported, wrong } from "../problem.ts";
import { ruleProblems } from "./rule-problems.ts";
import { structuralProblems } from "./structural-problems.ts";

/** What is wrong with the schema of a version: not structural, defaults that do not fit, what is not supported. */
export function schemaProblems(schema: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  if (schema.nullable === true) found.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  const structural = structuralProblems(schema, path);
  const text = (problem: Problem) => problemText(problem);
  structural.sort((a, b) => (text(a) < text(b) ? -1 : 1));
  found.push(...(structural.length > 0 ? structural : defaultProblems(schema, path)));
  const open = openApiProblems(schema, path, true);
  found.push(...open);
  if (found.length === 0) found.push(...ruleProblems(schema, path));
  return found;
}

/** A default must be valid itself, and hold nothing that is not specified (pkg/apiserver/schema/defaulting/validation.go). */
function defaultProblems(schema: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  const value = schema.default;
  if (value !== undefined) {
    const where = `${path}.default`;
    const left = isObject(value) ? pruned({ value }, { properties: { value: schema } }) : undefined;
    if (left && left.unknown.length > 0) found.push(wrong(where, value, "must not have unknown fields"));
    const whole = isObject(value) ? defaulted(value, { ...schema, default: null }) : value;
    for (const fault of schemaFaults(schema, whole))
      found.push({ ...fault, path: fault.path === NOWHERE ? where : `${where}.${fault.path}` });
  }
  for (const [step, inner] of innerSchemas(schema)) found.push(...defaultProblems(inner, path + step));
  return found;
}

/** The schemas below one that say what there is, each with its step in the path. */
function innerSchemas(schema: JsonObject): readonly (readonly [step: string, schema: JsonObject])[] {
  const found: (readonly [string, JsonObject])[] = [];
  const properties = schemaAt(schema, "properties") ?? {};
  for (const name of Object.keys(properties).sort()) {
    const inner = properties[name];
    if (isObject(inner)) found.push([`.properties[${name}]`, inner]);
  }
  for (const key of ["items", "additionalProperties"]) {
    const inner = schemaAt(schema, key);
    if (inner) found.push([`.${key}`, inner]);
  }
  return found;
}

/** The schemas that only restrict. */
function restrictions(schema: JsonObject): readonly (readonly [step: string, schema: JsonObject])[] {
  const found: (readonly [string, JsonObject])[] = [];
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    const list = isList(schema[key]) ? (schema[key] as readonly Json[]) : [];
    list.forEach((inner, i) => {
      if (isObject(inner)) found.push([`.${key}[${i}]`, inner]);
    });
  }
  const not = schemaAt(schema, "not");
  return not ? [...found, [".not", not]] : found;
}

const types = ["array", "boolean", "integer", "number", "object", "string"];
const refused: readonly (readonly [key: string, detail: string])[] = [
  ["id", "id is not supported"],
  ["additionalItems", "additionalItems is not supported"],
  ["patternProperties", "patternProperties is not supported"],
  ["definitions", "definitions is not supported"],
  ["dependencies", "dependencies is not supported"],
  ["$ref", "$ref is not supported"],
];

function openApiProblems(schema: JsonObject, path: string, isRoot = false): Problem[] {
  const found: Problem[] = [];
  const { type } = schema;
  if (typeof type === "string" && type !== "" && !types.includes(type))
    found.push(unsupported(`${path}.type`, type, types));
  for (const [key, detail] of refused) if (schema[key] !== undefined) found.push(forbidden(`${path}.${key}`, detail));
  if (isList(schema.items)) found.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  if (schema.uniqueItems === true)
    found.push(
      forbidden(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  const properties = schemaAt(schema, "properties");
  if (
    properties &&
    Object.keys(properties).length > 0 &&
    (schemaAt(schema, "additionalProperties") || schema.additionalProperties === false)
  )
    found.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
  for (const name of isRoot ? ["apiVersion", "kind", "metadata"] : []) {
    const inner = properties?.[name];
    if (isObject(inner) && inner.default !== undefined)
      found.push(forbidden(`${path}.properties[${name}].default`, `must not be set in top-level ${name}`));
  }
  for (const [step, inner] of [...innerSchemas(schema), ...restrictions(schema)])
    found.push(...openApiProblems(inner, path + step));
  return [...found, ...extensionProblems(schema, path)];
}

function extensionProblems(schema: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  const { type } = schema;
  const preserve = "x-kubernetes-preserve-unknown-fields";
  if (schema[preserve] === false) found.push(wrong(`${path}.${preserve}`, false, "must be true or undefined"));
  const needs = (key: string, wanted: string, allowed: readonly string[]) => {
    const value = schema[key];
    if (value === undefined) return;
    const detail = `must be ${wanted} if ${key} is specified`;
    if (!type) found.push(required(`${path}.type`, detail));
    else if (type !== wanted) found.push(wrong(`${path}.type`, type, detail));
    if (!allowed.includes(String(value))) found.push(unsupported(`${path}.${key}`, value, allowed));
  };
  needs("x-kubernetes-map-type", "object", ["atomic", "granular"]);
  needs("x-kubernetes-list-type", "array", ["atomic", "set", "map"]);
  return [...found, ...listProblems(schema, path)];
}

function listProblems(schema: JsonObject, path: string): Problem[] {
  const found: Problem[] = [];
  const [typeKey, keysKey] = ["x-kubernetes-list-type", "x-kubernetes-list-map-keys"];
  const type = schema[typeKey];
  const keys = isList(schema[keysKey]) ? (schema[keysKey] as readonly Json[]).map(String) : [];
  const items = schemaAt(schema, "items");
  const onlyMap = "must be map if x-kubernetes-list-map-keys is non-empty";
  if (keys.length > 0 && type === undefined) found.push(required(`${path}.${typeKey}`, onlyMap));
  else if (keys.length > 0 && type !== "map") found.push(wrong(`${path}.${typeKey}`, type, onlyMap));
  if (type === "set" && items?.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
    found.push(wrong(`${path}.items.x-kubernetes-map-type`, null, detail));
  }
  if (type !== "map") return found;
  if (keys.length === 0)
    found.push(required(`${path}.${keysKey}`, "must not be empty if x-kubernetes-list-type is map"));
  if (items && items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    found.push(wrong(`${path}.items.type`, items.type ?? "", detail));
    return found;
  }
  const properties = (items && schemaAt(items, "properties")) ?? {};
  const needed = isList(items?.required) ? items.required : [];
  for (const key of keys) {
    const own = properties[key];
    if (!isObject(own)) {
      found.push(wrong(`${path}.${keysKey}`, keys, "entries must all be names of item properties"));
    } else if (!needed.includes(key) && own.default === undefined) {
      const detail =
        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      found.push(required(`${path}.items.properties[${key}].default`, detail));
    }
  }
  return found;
}
