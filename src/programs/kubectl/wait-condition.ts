import type { Json, JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { evaluateJsonPath } from "../../base/jsonpath/evaluate-jsonpath.ts";
import { JsonPathError } from "../../base/jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "../../base/jsonpath/parse-jsonpath.ts";
import { relaxedJsonPath } from "../../base/jsonpath/relaxed-jsonpath.ts";
import { CommandFault } from "./faults.ts";

/** What `kubectl wait --for` waits for. */
export type WaitCondition =
  | { readonly what: "create" }
  | { readonly what: "delete" }
  | { readonly what: "state"; met(object: JsonObject): boolean };

/** Reads --for (wait.go conditionFuncFor, 1.33). */
export function readWaitCondition(text: string): WaitCondition {
  const lower = text.toLowerCase();
  if (lower === "delete" || lower === "create") return { what: lower };
  if (text.startsWith("condition=")) {
    const [name = "", ...value] = text.slice("condition=".length).split("=");
    const wanted = value.length === 0 ? "true" : value.join("=");
    return { what: "state", met: (object) => hasCondition(object, name, wanted) };
  }
  if (text.startsWith("jsonpath=")) return jsonPathCondition(text.slice("jsonpath=".length));
  throw new CommandFault(`unrecognized condition: ${JSON.stringify(text)}`);
}

/** A condition of the newest generation only, names in any case. */
function hasCondition(object: JsonObject, name: string, wanted: string): boolean {
  const status = isObject(object.status) ? object.status : {};
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const conditions = (Array.isArray(status.conditions) ? status.conditions : []) as readonly JsonObject[];
  const found = conditions.find(({ type }) => String(type).toLowerCase() === name.toLowerCase());
  if (!found) return false;
  const observed = found.observedGeneration ?? status.observedGeneration;
  if (observed !== undefined && Number(observed) < Number(metadata.generation ?? 0)) return false;
  return String(found.status).toLowerCase() === wanted.toLowerCase();
}

function jsonPathCondition(text: string): WaitCondition {
  const { path, value } = apart(text);
  const parsed = parseJsonPath(relaxedJsonPath(path));
  return {
    what: "state",
    met(object) {
      const lists = found(parsed, object);
      if (lists.length > 1) throw new CommandFault("given jsonpath expression matches more than one list");
      const values = lists.flat() as readonly Json[];
      if (values.length === 0) return false;
      if (values.length > 1) throw new CommandFault("given jsonpath expression matches more than one value");
      const [one] = values;
      if (value === undefined) return true;
      if (typeof one === "object" && one !== null)
        throw new CommandFault("jsonpath leads to a nested object or list which is not supported");
      return String(one).trim() === value;
    },
  };
}

function found(path: ReturnType<typeof parseJsonPath>, object: JsonObject): readonly unknown[] {
  try {
    return evaluateJsonPath(path, object, { allowMissingKeys: true });
  } catch (fault) {
    if (fault instanceof JsonPathError) return [];
    throw fault;
  }
}

/** The expression and the value behind the last = outside its braces. */
function apart(text: string): { readonly path: string; readonly value: string | undefined } {
  const close = text.lastIndexOf("}");
  const equals = text.indexOf("=", Math.max(close, 0));
  if (equals < 0) return { path: text, value: undefined };
  const value = text.slice(equals + 1).replace(/^(['"])(.*)\1$/, "$2");
  if (value === "")
    throw new CommandFault(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  return { path: text.slice(0, equals), value };
}
