import { isList } from "../json-object.ts";
import { FloatLiteral, type Found } from "./jsonpath-node.ts";

/** The Go type of a value of an unstructured object. */
export function goTypeName(value: Found): string {
  if (value instanceof FloatLiteral) return "float64";
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "object") return isList(value) ? "[]interface {}" : "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return typeof value === "number" && !Number.isSafeInteger(value) ? "float64" : "int64";
}
