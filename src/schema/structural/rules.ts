import { CelFault, type CelProgram, celOptional, celProgram } from "../../base/cel.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { celValue } from "./cel-value.ts";
import { childPath, NOWHERE, type SchemaFault, schemaAt } from "./define.ts";
import { sameKeyed } from "./validate.ts";

// x-kubernetes-validations (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go, 1.35).

interface Place {
  readonly schema: JsonObject;
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
}

/** A rule of a schema, compiled. */
interface Rule {
  readonly source: JsonObject;
  readonly program: CelProgram;
  readonly usesOld: boolean;
  readonly message: CelProgram | undefined;
}

/** What the rules of a schema say of a value. Rules that only look at what did not change keep quiet (ratcheting). */
export function ruleFaults(schema: JsonObject, value: Json, old?: Json): SchemaFault[] {
  if (!hasRules(schema)) return [];
  const faults: SchemaFault[] = [];
  visit({ schema, value, old, path: "" }, faults);
  return faults;
}

const ruled = new WeakMap<JsonObject, boolean>();

/** Whether a schema has rules anywhere. */
export function hasRules(schema: JsonObject): boolean {
  let known = ruled.get(schema);
  if (known === undefined) {
    known = rulesOf(schema).length > 0 || innerSchemas(schema).some(hasRules);
    ruled.set(schema, known);
  }
  return known;
}

function innerSchemas(schema: JsonObject): readonly JsonObject[] {
  const all = isList(schema.allOf) ? schema.allOf : [];
  const inner = [schemaAt(schema, "items"), schemaAt(schema, "additionalProperties"), ...all];
  return [...inner, ...Object.values(schemaAt(schema, "properties") ?? {})].filter((one) => isObject(one));
}

function visit(place: Place, faults: SchemaFault[]): void {
  const { schema, value, old, path } = place;
  if (value === null || !hasRules(schema)) return;
  for (const rule of rulesOf(schema)) {
    const fault = failing(rule, place);
    if (fault) faults.push(fault);
  }
  for (const inner of isList(schema.allOf) ? schema.allOf : [])
    if (isObject(inner)) visit({ ...place, schema: { ...inner, type: schema.type ?? null } }, faults);
  if (isList(value)) {
    const items = schemaAt(schema, "items");
    const keys = isList(schema["x-kubernetes-list-map-keys"]) ? schema["x-kubernetes-list-map-keys"] : [];
    const olds = schema["x-kubernetes-list-type"] === "map" && isList(old) ? old : undefined;
    if (items)
      for (const [i, item] of value.entries())
        visit({ schema: items, value: item, old: sameKeyed(olds, item, keys), path: `${path}[${i}]` }, faults);
    return;
  }
  if (!isObject(value)) return;
  const properties = schemaAt(schema, "properties") ?? {};
  const others = schemaAt(schema, "additionalProperties");
  const olds = isObject(old) && schema["x-kubernetes-map-type"] !== "atomic" ? old : undefined;
  for (const name of Object.keys(value).sort()) {
    const item = value[name];
    const own = properties[name];
    const inner = isObject(own) ? own : others;
    if (inner && item !== undefined)
      visit(
        {
          schema: inner,
          value: item,
          old: olds?.[name],
          path: isObject(own) ? childPath(path, name) : `${path}[${name}]`,
        },
        faults,
      );
  }
}

function failing(
  { source, program, usesOld, message }: Rule,
  { schema, value, old, path }: Place,
): SchemaFault | undefined {
  const optional = source.optionalOldSelf === true;
  if (usesOld && old === undefined && !optional) return undefined;
  if (!usesOld && old !== undefined && old === value) return undefined;
  const self = celValue(value, schema);
  const before = old === undefined ? undefined : celValue(old, schema);
  const variables = {
    self,
    ...(optional ? { oldSelf: celOptional(before) } : before === undefined ? {} : { oldSelf: before }),
  };
  const shown = String(schema.type ?? "");
  const where = path === "" ? NOWHERE : path;
  const named = String(source.message ?? "").trim() || String(source.rule).trim();
  try {
    if (program.run(variables) === true) return undefined;
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    const detail = error.message.startsWith("no such overload")
      ? `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`
      : `${error.message} evaluating rule: ${named}`;
    return { type: "Invalid", path: where, value: shown, detail };
  }
  const detail =
    ownMessage(message, variables) ??
    (String(source.message ?? "").trim() || `failed rule: ${String(source.rule).trim()}`);
  return faultFor(source.reason, withFieldPath(path, source.fieldPath), shown, detail);
}

/** What messageExpression says, where it says one line of text. */
function ownMessage(program: CelProgram | undefined, variables: Readonly<Record<string, unknown>>): string | undefined {
  try {
    const said = program?.run(variables);
    const text = typeof said === "string" ? said.trim() : "";
    return text === "" || text.includes("\n") ? undefined : text;
  } catch (error) {
    if (error instanceof CelFault) return undefined;
    throw error;
  }
}

/** .a.b and ['c'] below the place of the rule. */
function withFieldPath(path: string, fieldPath: Json | undefined): string {
  if (typeof fieldPath !== "string" || fieldPath === "") return path === "" ? NOWHERE : path;
  const below = fieldPath.replace(/\['((?:\\.|[^'\\])*)'\]/g, "[$1]");
  return path === "" ? below.replace(/^\./, "") : `${path}${below}`;
}

function faultFor(reason: Json | undefined, path: string, value: string, detail: string): SchemaFault {
  switch (reason) {
    case "FieldValueForbidden":
      return { type: "Forbidden", path, detail };
    case "FieldValueRequired":
      return { type: "Required", path, detail };
    case "FieldValueDuplicate":
      return { type: "Duplicate", path, value };
    default:
      return { type: "Invalid", path, value, detail };
  }
}

const compiled = new WeakMap<JsonObject, readonly Rule[]>();

function rulesOf(schema: JsonObject): readonly Rule[] {
  const known = compiled.get(schema);
  if (known) return known;
  const sources = schema["x-kubernetes-validations"];
  const rules = (isList(sources) ? sources : []).filter(isObject).map((source) => {
    const expression = String(source.rule ?? "");
    const { messageExpression } = source;
    const optional = source.optionalOldSelf === true ? "oldSelf" : undefined;
    return {
      source,
      program: celProgram(expression, optional),
      usesOld: usesOldSelf(expression),
      message: typeof messageExpression === "string" ? celProgram(messageExpression, optional) : undefined,
    };
  });
  compiled.set(schema, rules);
  return rules;
}

/** Whether a rule is about a change. */
export function usesOldSelf(expression: string): boolean {
  return /\boldSelf\b/.test(expression.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, ""));
}
