import { keysInOrder, type Variable } from "../variable.ts";
import { doubleQuote, needsQuotes, singleQuote } from "./quote.ts";

/** The letters of a variable's attributes, as ${x@a} shows them. */
export function attributesOf(variable: Variable): string {
  const letters: readonly (readonly [boolean | undefined, string])[] = [
    [variable.array !== undefined, "a"],
    [variable.assoc !== undefined, "A"],
    [variable.integer, "i"],
    [variable.nameref, "n"],
    [variable.readonly, "r"],
    [variable.exported, "x"],
    [variable.change === "lower", "l"],
    [variable.change === "upper", "u"],
  ];
  return letters.map(([on, letter]) => (on ? letter : "")).join("");
}

/** A variable as text that would make it again: `declare -p`, `set`, ${x@A}. */
export function declarationOf(
  name: string,
  variable: Variable,
  style: "declare" | "set" | "assignment",
  command = "declare",
): string {
  const letters = attributesOf(variable);
  const value = valueText(variable, style);
  const assigned = value === undefined ? name : `${name}=${value}`;
  if (style === "set" || (style === "assignment" && letters === "")) return assigned;
  return command === "declare" ? `declare -${letters === "" ? "-" : letters} ${assigned}` : `${command} ${assigned}`;
}

function valueText(variable: Variable, style: "declare" | "set" | "assignment"): string | undefined {
  const { array, assoc, value } = variable;
  if (array)
    return `(${array
      .indexes()
      .map((i) => `[${i}]=${doubleQuote(array.get(i) ?? "")}`)
      .join(" ")})`;
  if (assoc)
    return `(${keysInOrder(assoc)
      .map((key) => `[${keyText(key)}]=${doubleQuote(assoc.get(key) ?? "")} `)
      .join("")})`;
  if (value === undefined) return undefined;
  if (style === "declare") return doubleQuote(value);
  if (style === "assignment") return singleQuote(value);
  return value === "" ? "" : needsQuotes(value) || /[\x00-\x1f\x7f]/.test(value) ? singleQuote(value) : value;
}

function keyText(key: string): string {
  return needsQuotes(key) || key === "@" || key === "*" ? doubleQuote(key) : key;
}
