import { goSprintf, goText } from "../go-format.ts";
import { type GoValue, goTypeOf, isGoList, isGoMap, numberOf } from "../go-value.ts";
import { compareText } from "../json.ts";
import { FunctionError } from "./template-run.ts";

type Kind = "bool" | "int" | "float" | "string" | "other";

function kindOf(value: GoValue): Kind {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  const number = numberOf(value);
  if (!number) return "other";
  return number.type === "float64" ? "float" : "int";
}

function isNothing(value: GoValue): boolean {
  return value === undefined || value === null;
}

/** Whether the first value equals one of the others. Numbers of different kinds are not compared but refused. */
export function equal(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  return others.some((other) => equalPair(first, other));
}

function equalPair(a: GoValue, b: GoValue): boolean {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) {
    if (!isNothing(a) && !isNothing(b)) throw new FunctionError("incompatible types for comparison");
    return false;
  }
  if (kind === "int" || kind === "float") return orderOfNumbers(a, b) === 0;
  if (kind !== "other") return a === b;
  if (isNothing(a) || isNothing(b)) return isNothing(a) === isNothing(b);
  if (goTypeOf(a) !== goTypeOf(b)) {
    const first = goSprintf("%s", [a]);
    throw new FunctionError(`non-comparable types ${first}: ${goTypeOf(a)}, ${goTypeOf(b)}: ${goText(b)}`);
  }
  if (isGoList(b) || isGoMap(b)) throw new FunctionError(`non-comparable type ${goSprintf("%s", [b])}: ${goTypeOf(b)}`);
  return a === b;
}

function orderOfNumbers(a: GoValue, b: GoValue): number {
  const [x, y] = [numberOf(a)?.value ?? 0, numberOf(b)?.value ?? 0];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Whether one number or text comes before another. */
export function less(a: GoValue, b: GoValue): boolean {
  const [kind, other] = [kindOf(a), kindOf(b)];
  if (kind === "other" || other === "other") throw new FunctionError("invalid type for comparison");
  if (kind !== other) throw new FunctionError("incompatible types for comparison");
  if (kind === "bool") throw new FunctionError("invalid type for comparison");
  return kind === "string" ? compareText(String(a), String(b)) < 0 : orderOfNumbers(a, b) < 0;
}
