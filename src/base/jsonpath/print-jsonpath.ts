import { goQuote, goSyntax, goValue } from "../go-text.ts";
import { type Json, toJson } from "../json.ts";
import { type EvaluateOptions, evaluateJsonPath } from "./evaluate-jsonpath.ts";
import { type Found, type JsonPath, JsonPathError, jsonOf } from "./jsonpath-node.ts";
import { parseJsonPath } from "./parse-jsonpath.ts";

export interface JsonPathPrintOptions extends EvaluateOptions {
  /** `-o jsonpath-as-json`: each action prints a JSON list of what it found. */
  readonly asJson?: boolean;
}

/** Reads the template of `-o jsonpath`; what is wrong with it is said as kubectl says it. */
export function jsonPathTemplate(template: string): JsonPath {
  if (template === "") throw new JsonPathError("template format specified but no template given");
  try {
    return parseJsonPath(template);
  } catch (problem) {
    if (!(problem instanceof JsonPathError)) throw problem;
    throw new JsonPathError(`error parsing jsonpath ${template}, ${problem.message}`);
  }
}

/** What `kubectl -o jsonpath=…` prints for an object. Throws a JsonPathError with the text kubectl shows after `error: `. */
export function printJsonPath(path: JsonPath, object: Json, options: JsonPathPrintOptions = {}): string {
  try {
    const results = evaluateJsonPath(path, object, options);
    return results.map(options.asJson ? listText : joinedText).join("");
  } catch (problem) {
    if (!(problem instanceof JsonPathError)) throw problem;
    throw new JsonPathError(
      `error executing jsonpath ${goQuote(path.template)}: Error executing template: ${problem.message}. ` +
        "Printing more information for debugging the template:\n" +
        `\ttemplate was:\n\t\t${path.template}\n` +
        `\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
    );
  }
}

function listText(found: readonly Found[]): string {
  return `${toJson(found.map(jsonOf), { indent: 4, sortKeys: true })}\n`;
}

function joinedText(found: readonly Found[]): string {
  return found.length === 1 ? valueText(found[0]) : found.map(valueText).join(" ");
}

function valueText(found: Found): string {
  if (found === undefined) return "<no value>";
  const value = jsonOf(found);
  if (value === null) return "null";
  return typeof value === "object" ? toJson(value, { sortKeys: true }) : goValue(value);
}
