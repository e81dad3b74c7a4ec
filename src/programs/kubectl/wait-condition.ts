import { compareText, type Json, type JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { goValue } from "../../base/go-text.ts";
import { evaluateJsonPath } from "../../base/jsonpath/evaluate-jsonpath.ts";
import { jsonOf } from "../../base/jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "../../base/jsonpath/parse-jsonpath.ts";
import { relaxedJsonPath } from "../../base/jsonpath/relaxed-jsonpath.ts";
import { CommandFault } from "./faults.ts";

/** What kubectl wait waits for. */
export type WaitFor =
  | { readonly kind: "delete" | "create" }
  | { readonly kind: "condition"; isMet(object: JsonObject): boolean };

/** Reads the value of --for; throws CommandFault in kubectl's words (wait.conditionFuncFor, 1.33). */
export function waitFor(text: string): WaitFor {
  const lower = text.toLowerCase();
  if (lower === "delete") return { kind: "delete" };
  if (lower === "create") return { kind: "create" };
  if (text.startsWith("condition=")) return conditionOf(text.slice("condition=".length));
  if (text.startsWith("jsonpath=")) return jsonPathOf(text.slice("jsonpath=".length));
  throw new CommandFault(`unrecognized condition: ${JSON.stringify(text)}`);
}

function conditionOf(text: string): WaitFor {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? "true" : text.slice(equals + 1);
  return { kind: "condition", isMet: (object) => hasCondition(object, name.toLowerCase(), value.toLowerCase()) };
}

/** A condition that was observed before the newest change of the object does not count. */
function hasCondition({ metadata, status }: JsonObject, name: string, value: string): boolean {
  if (!isObject(status) || !isList(status.conditions)) return false;
  const condition = status.conditions.find(
    (one): one is JsonObject => isObject(one) && String(one.type).toLowerCase() === name && one.status !== undefined,
  );
  if (!condition) return false;
  const generation = isObject(metadata) ? metadata.generation : undefined;
  const observed = condition.observedGeneration ?? status.observedGeneration;
  if (generation !== undefined && observed !== undefined && Number(observed) < Number(generation)) return false;
  return String(condition.status).toLowerCase() === value;
}

function jsonPathOf(text: string): WaitFor {
  const parts = apart(text);
  if (parts.length > 2)
    throw new CommandFault(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  const [expression = "", wanted] = parts;
  const relaxed = relaxedJsonPath(expression);
  const value = wanted?.replace(/^['"]+|['"]+$/g, "");
  if (value === "")
    throw new CommandFault(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  if (relaxed === "") throw new CommandFault("jsonpath expression cannot be empty");
  const path = parseJsonPath(relaxed);
  return {
    kind: "condition",
    isMet(object) {
      const results = evaluateJsonPath(path, object, { allowMissingKeys: true });
      const [first = []] = results;
      if (first.length === 0) return false;
      if (results.length > 1) throw new CommandFault("given jsonpath expression matches more than one list");
      if (first.length > 1) throw new CommandFault("given jsonpath expression matches more than one value");
      return value === undefined || isEqual(jsonOf(first[0]), value);
    },
  };
}

/** The parts between single equal signs; double ones belong to the expression. */
function apart(text: string): readonly string[] {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    const isEqualSign = text[i] === "=";
    if (isEqualSign && text[i + 1] !== "=") {
      parts.push("");
      continue;
    }
    if (isEqualSign) i++;
    parts.push(`${parts.pop() ?? ""}${isEqualSign ? "==" : text[i]}`);
  }
  return parts;
}

function isEqual(found: Json, wanted: string): boolean {
  if (typeof found === "object" && found !== null)
    throw new CommandFault("jsonpath leads to a nested object or list which is not supported");
  return compareText(goValue(found).trim(), wanted.trim()) === 0;
}
