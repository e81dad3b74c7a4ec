import type { ParameterOperation, ParameterPart, Quoting, Word } from "./ast.ts";
import { endOfBraces, endOfBrackets, skipQuoted } from "./scan.ts";

const simpleName = /[A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#?$!-]/y;
const bracedName = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]/y;

function match(pattern: RegExp, s: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(s)?.[0];
}

/** `$x` or `${…}` at the dollar; undefined where the dollar stands for itself. */
export function parameter(s: string, at: number, quoting: Quoting): { part: ParameterPart; end: number } | undefined {
  if (s[at + 1] !== "{") {
    const name = match(simpleName, s, at + 1);
    if (name === undefined) return undefined;
    const end = at + 1 + name.length;
    return { part: { type: "parameter", text: s.slice(at, end), name, form: "value" }, end };
  }
  const close = endOfBraces(s, at + 2);
  const end = close < 0 ? s.length : close;
  const text = s.slice(at, end + 1);
  const part = braced(s.slice(at + 2, end), text, quoting);
  return { part: part ?? { type: "parameter", text, name: "", form: "bad" }, end: end + 1 };
}

/** The inside of `${…}`; undefined for a bad substitution. */
function braced(inside: string, text: string, quoting: Quoting): ParameterPart | undefined {
  if (inside === "#") return { type: "parameter", text, name: "#", form: "value" };
  if (inside[0] === "#") {
    const counted = target(inside, 1);
    if (counted && counted.end === inside.length)
      return { type: "parameter", text, name: counted.name, subscript: counted.subscript, form: "length" };
  }
  const indirect = inside[0] === "!" && inside.length > 1 && /[A-Za-z_0-9@*#?!$-]/.test(inside[1] as string);
  const named = target(inside, indirect ? 1 : 0);
  if (!named) return undefined;
  const { name, subscript, end } = named;
  const rest = inside.slice(end);
  if (indirect && (rest === "@" || rest === "*") && !subscript)
    return { type: "parameter", text, name, form: "names", operation: { type: "names", operator: rest } };
  if (indirect && rest === "" && (subscript?.text === "@" || subscript?.text === "*"))
    return { type: "parameter", text, name, subscript, form: "keys" };
  const form = indirect ? "indirect" : "value";
  if (rest === "") return { type: "parameter", text, name, subscript, form };
  const operation = operationOf(rest, quoting);
  return operation && { type: "parameter", text, name, subscript, form, operation };
}

function target(inside: string, at: number): { name: string; subscript: Word | undefined; end: number } | undefined {
  const name = match(bracedName, inside, at);
  if (name === undefined) return undefined;
  const end = at + name.length;
  if (inside[end] !== "[" || !/^[A-Za-z_]/.test(name)) return { name, subscript: undefined, end };
  const close = endOfBrackets(inside, end + 1);
  if (close < 0) return undefined;
  return { name, subscript: { text: inside.slice(end + 1, close) }, end: close + 1 };
}

function operationOf(rest: string, quoting: Quoting): ParameterOperation | undefined {
  const operand = (from: number): Word => ({ text: rest.slice(from), quoting });
  const [first, second] = [rest[0] as string, rest[1] ?? ""];
  if (first === ":" && "-=?+".includes(second) && second !== "")
    return { type: "default", operator: rest.slice(0, 2), word: operand(2) };
  if ("-=?+".includes(first)) return { type: "default", operator: first, word: operand(1) };
  if (first === ":") return slice(rest.slice(1));
  if (first === "#" || first === "%") {
    const operator = second === first ? (`${first}${first}` as "##" | "%%") : (first as "#" | "%");
    return { type: "remove", operator, word: { text: rest.slice(operator.length) } };
  }
  if (first === "/") return replace(rest.slice(1));
  if (first === "^" || first === "," || first === "~") {
    const operator = second === first ? (`${first}${first}` as "^^") : (first as "^");
    return { type: "case", operator, word: { text: rest.slice(operator.length) } };
  }
  if (first === "@" && rest.length === 2 && "QEPAaKkULu".includes(second))
    return { type: "transform", operator: second };
  return undefined;
}

function replace(rest: string): ParameterOperation {
  const where = rest[0] === "/" ? "//" : rest[0] === "#" ? "/#" : rest[0] === "%" ? "/%" : "/";
  const from = where === "/" ? 0 : 1;
  let at = from;
  // A slash directly after the operator belongs to the pattern.
  if (rest[at] === "/" && where !== "/") at++;
  while (at < rest.length && rest[at] !== "/") {
    const next = skipQuoted(rest, at);
    at = next <= at ? rest.length : next;
  }
  return { type: "replace", where, pattern: { text: rest.slice(from, at) }, by: { text: rest.slice(at + 1) } };
}

function slice(rest: string): ParameterOperation {
  let depth = 0;
  let choices = 0;
  let at = 0;
  while (at < rest.length) {
    const c = rest[at];
    if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === "?" && depth === 0) choices++;
    else if (c === ":" && depth === 0 && choices-- === 0) break;
    const next = skipQuoted(rest, at);
    at = next <= at ? rest.length : next;
  }
  const length: Word | undefined = at < rest.length ? { text: rest.slice(at + 1), quoting: "double" } : undefined;
  return { type: "slice", offset: { text: rest.slice(0, at), quoting: "double" }, length };
}
