import { type CelProgram, celCompileError, celProgram } from "../../base/cel.ts";
import { FormatError } from "../../base/format-error.ts";
import type { JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { celName } from "../../schema/structural/cel-value.ts";
import { isEmbedded, preservesUnknown, schemaAt } from "../../schema/structural/define.ts";
import { usesOldSelf } from "../../schema/structural/rules.ts";
import type { Problem } from "../define.ts";
import { type InternalType, internal } from "../internal-json.ts";
import { required, unsupported, wrong } from "../problem.ts";

const KEY = "x-kubernetes-validations";
const ruleType: InternalType = [
  ["Rule", { zero: "" }],
  ["Message", { zero: "" }],
  ["MessageExpression", { zero: "" }],
  ["Reason"],
  ["FieldPath", { zero: "" }],
  ["OptionalOldSelf"],
];
const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** The first place above at which old and new cannot be told apart. */
  readonly uncorrelatable: string | undefined;
}

/** What is wrong with the CEL rules of a schema. */
export function ruleProblems(schema: JsonObject, path: string): Problem[] {
  return visit(schema, { path, isRoot: true, uncorrelatable: undefined });
}

function visit(schema: JsonObject, place: Place): Problem[] {
  const { path, uncorrelatable } = place;
  const rules = schema[KEY];
  const found: Problem[] = [];
  for (const [i, rule] of (isList(rules) ? rules : []).entries())
    if (isObject(rule)) found.push(...problemsOfRule(rule, schema, { ...place, path: `${path}.${KEY}[${i}]` }));
  const below = (step: string, cut: boolean): Place => ({
    path: path + step,
    isRoot: false,
    uncorrelatable: uncorrelatable ?? (cut ? path : undefined),
  });
  const atomic = schema["x-kubernetes-map-type"] === "atomic";
  for (const [name, inner] of Object.entries(schemaAt(schema, "properties") ?? {}))
    if (isObject(inner)) found.push(...visit(inner, below(`.properties[${name}]`, atomic)));
  const others = schemaAt(schema, "additionalProperties");
  if (others) found.push(...visit(others, below(".additionalProperties", atomic)));
  const items = schemaAt(schema, "items");
  if (items) found.push(...visit(items, below(".items", schema["x-kubernetes-list-type"] !== "map")));
  return found;
}

function problemsOfRule(rule: JsonObject, schema: JsonObject, { path, isRoot, uncorrelatable }: Place): Problem[] {
  const text = String(rule.rule ?? "");
  const message = String(rule.message ?? "");
  if (text.trim() === "") return [required(`${path}.rule`, "rule is not specified")];
  if (message !== "" && message.trim() === "")
    return [wrong(`${path}.message`, message, "must be non-empty if specified")];
  if (message.trim().includes("\n")) return [wrong(`${path}.message`, message, "must not contain line breaks")];
  if (text.trim().includes("\n") && message === "")
    return [required(`${path}.message`, "message must be specified if rule contains line breaks")];
  const { reason, messageExpression } = rule;
  if (reason !== undefined && !reasons.includes(String(reason)))
    return [unsupported(`${path}.reason`, reason, reasons)];
  const found: Problem[] = [];
  const optional = rule.optionalOldSelf === true ? "oldSelf" : undefined;
  const failed = compileProblem(text, schema, isRoot, { type: "bool", optional });
  if (failed !== undefined)
    found.push(
      wrong(`${path}.rule`, internal(rule, ruleType), failed.startsWith("must") ? `cel expression ${failed}` : failed),
    );
  if (typeof messageExpression === "string") {
    const fault = compileProblem(messageExpression, schema, isRoot, { type: "string", optional });
    if (fault !== undefined)
      found.push(wrong(`${path}.messageExpression`, internal(rule, ruleType), `messageExpression ${fault}`));
  }
  if (usesOldSelf(text) && uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    found.push(wrong(`${path}.rule`, text, detail));
  } else if (!usesOldSelf(text) && rule.optionalOldSelf !== undefined) {
    const detail = "may not be set if oldSelf is not used in rule";
    found.push(wrong(`${path}.optionalOldSelf`, rule.optionalOldSelf, detail));
  }
  return found;
}

interface Wanted {
  readonly type: "bool" | "string";
  readonly optional: string | undefined;
}

function compileProblem(text: string, schema: JsonObject, isRoot: boolean, wanted: Wanted): string | undefined {
  let program: CelProgram;
  try {
    program = celProgram(text, wanted.optional);
  } catch (error) {
    if (error instanceof FormatError) return `compilation failed: ${error.message}`;
    throw error;
  }
  const unknown = unknownName(program.ast, schema, isRoot);
  if (unknown) return `compilation failed: ${celCompileError(text, unknown.at, unknown.what)}`;
  const { type } = program;
  return type === undefined || type === "dyn" || type === wanted.type ? undefined : `must evaluate to a ${wanted.type}`;
}

type Ast = CelProgram["ast"];

interface Unknown {
  readonly at: number;
  readonly what: string;
}

/** The first field of self, or name, that there is not. */
function unknownName(node: Ast, schema: JsonObject, isRoot: boolean): Unknown | undefined {
  let found: Unknown | undefined;
  const visitNode = (one: unknown, bound: readonly string[]): void => {
    if (found) return;
    if (Array.isArray(one)) {
      for (const item of one) visitNode(item, bound);
      return;
    }
    if (typeof one !== "object" || one === null || !("op" in one)) return;
    const here = one as Ast;
    if (here.op === "id" && !known.has(here.args) && !bound.includes(here.args))
      found = { at: here.start, what: `undeclared reference to '${here.args}' (in container '')` };
    if (here.op === "." || here.op === ".?") {
      const above = schemaOf(here.args[0], schema, isRoot);
      const fault = above && missing(above, here.args[1], isRoot && above === schema);
      if (fault) found = { at: here.pos - 1, what: `undefined field '${here.args[1]}'` };
    }
    visitNode(here.args, here.op === "rcall" || here.op === "call" ? [...bound, ...boundBy(here)] : bound);
  };
  visitNode(node, []);
  return found;
}

const known = new Set([
  "self",
  "oldSelf",
  "optional",
  "cel",
  "math",
  "sets",
  "base64",
  "int",
  "uint",
  "double",
  "bool",
  "string",
  "bytes",
  "list",
  "map",
  "type",
  "null_type",
  "google",
]);

/** The variables that macros such as all(x, …) bring. */
function boundBy(node: Ast): readonly string[] {
  const args = node.op === "rcall" ? node.args[2] : [];
  return args.slice(0, -1).flatMap((arg) => (arg.op === "id" ? [arg.args] : []));
}

function schemaOf(node: Ast, self: JsonObject, isRoot: boolean): JsonObject | undefined {
  if (node.op === "id") return node.args === "self" || node.args === "oldSelf" ? self : undefined;
  if (node.op === "." || node.op === ".?") {
    const above = schemaOf(node.args[0], self, isRoot);
    if (!above || (isRoot && above === self && node.args[1] === "metadata")) return undefined;
    return propertyNamed(above, node.args[1]);
  }
  if (node.op === "[]") {
    const above = schemaOf(node.args[0], self, isRoot);
    return above && (schemaAt(above, "items") ?? schemaAt(above, "additionalProperties"));
  }
  return undefined;
}

function propertyNamed(schema: JsonObject, name: string): JsonObject | undefined {
  for (const [key, inner] of Object.entries(schemaAt(schema, "properties") ?? {}))
    if (celName(key) === name && isObject(inner)) return inner;
  return schemaAt(schema, "additionalProperties");
}

/** Fields of objects are known; maps, free objects and plain values say so at run time. */
function missing(schema: JsonObject, name: string, isRoot: boolean): boolean {
  if ((isRoot || isEmbedded(schema)) && ["apiVersion", "kind", "metadata"].includes(name)) return false;
  if (schema.type !== "object" || preservesUnknown(schema) || schemaAt(schema, "additionalProperties")) return false;
  return propertyNamed(schema, name) === undefined;
}
