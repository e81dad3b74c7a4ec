import { TypeError as CelTypeError, type Context, EvaluationError, ParseError, parse } from "@marcbachmann/cel-js";
import type { Json } from "../src/base/json.ts";
import { isList, isObject } from "../src/base/json-object.ts";

/** What is wrong with the text of an expression. */
export function celProblem(expression: string): string | undefined {
  try {
    parse(expression);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return firstLine(error);
    throw error;
  }
}

/** Evaluates a CEL expression. The value, or why there is none. */
export function evaluateCel(
  expression: string,
  variables: Readonly<Record<string, Json>>,
): { value: unknown } | { problem: string } {
  const context = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, celValue(value)]));
  try {
    return { value: parse(expression)(context as Context) };
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof CelTypeError) return { problem: firstLine(error) };
    throw error;
  }
}

/** JSON's whole numbers are CEL's ints, all others doubles. */
function celValue(value: Json | undefined): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (isList(value)) return value.map(celValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
}

function firstLine(error: Error): string {
  return error.message.split("\n")[0] ?? "";
}
