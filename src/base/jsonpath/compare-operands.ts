import { compareText } from "../json.ts";
import { FloatLiteral, type Found, JsonPathError } from "./jsonpath-node.ts";

type Operand = {
  readonly kind: "bool" | "int" | "float" | "string";
  readonly value: string | number | bigint | boolean;
};

/** Compares the two sides of a filter. Both must be of one kind: text, whole number, float or bool. */
export function compareOperands(left: Found, right: Found, operator: string): boolean {
  const a = operandOf(left);
  const b = operandOf(right);
  switch (operator) {
    case "==":
      return equal(a, b);
    case "!=":
      return !equal(a, b);
    case "<":
      return less(a, b);
    case "<=":
      return less(a, b) || equal(a, b);
    case ">":
      return !less(a, b) && !equal(a, b);
    case ">=":
      return !less(a, b);
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
}

function operandOf(value: Found): Operand | undefined {
  if (value instanceof FloatLiteral) return { kind: "float", value: value.value };
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value === "boolean") return { kind: "bool", value };
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "int" : "float", value };
  return typeof value === "bigint" ? { kind: "int", value } : undefined;
}

function comparable(a: Operand | undefined, b: Operand | undefined): asserts a is Operand {
  if (!a || !b) throw new JsonPathError("invalid type for comparison");
  if (a.kind !== b.kind) throw new JsonPathError("incompatible types for comparison");
}

function equal(a: Operand | undefined, b: Operand | undefined): boolean {
  comparable(a, b);
  return a.value === b?.value;
}

function less(a: Operand | undefined, b: Operand | undefined): boolean {
  comparable(a, b);
  if (a.kind === "bool") throw new JsonPathError("invalid type for comparison");
  if (a.kind === "string") return compareText(String(a.value), String(b?.value)) < 0;
  return a.value < (b?.value ?? 0);
}
