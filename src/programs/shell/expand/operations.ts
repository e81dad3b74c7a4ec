import type { Task } from "../../../machine/define.ts";
import { Pattern } from "../pattern/match.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { ParameterOperation, ParameterPart } from "../syntax/ast.ts";
import { STRING_LIMIT } from "../variables.ts";
import type { Expansions } from "./expand.ts";
import { transform } from "./transform.ts";
import type { Value } from "./value.ts";

type Operation<T extends ParameterOperation["type"]> = ParameterOperation & { type: T };

/** Carries out `#`, `%`, `/`, `:`, `^`, `,` or `@` on a value; on each of several. */
export function* operate(
  shell: Shell,
  part: ParameterPart,
  operation: Exclude<ParameterOperation, { type: "default" }>,
  value: Value,
  expand: Expansions,
): Task<Value> {
  if (operation.type === "names") return value;
  if (operation.type === "slice") return yield* slice(shell, part, operation, value, expand);
  if (operation.type === "transform") return yield* transform(shell, part, operation.operator, value);
  const change = yield* changeOf(shell, operation, expand);
  if (value.type === "one")
    return { type: "one", text: value.text === undefined ? undefined : yield* change(value.text) };
  const texts: string[] = [];
  for (const text of value.texts) texts.push(yield* change(text));
  return { ...value, texts };
}

type Change = (text: string) => Task<string>;

function* changeOf(
  shell: Shell,
  operation: Operation<"remove" | "replace" | "case">,
  expand: Expansions,
): Task<Change> {
  const pattern = (text: string) => new Pattern(text, { extended: shell.shopts.has("extglob") });
  if (operation.type === "remove") {
    const compiled = pattern(yield* expand.pattern(shell, operation.word));
    return function* change(text) {
      return removed(text, operation.operator, compiled);
    };
  }
  if (operation.type === "case") {
    const source = yield* expand.pattern(shell, operation.word);
    const compiled = source === "" ? undefined : pattern(source);
    return function* change(text) {
      return recased(text, operation.operator, compiled);
    };
  }
  const source = yield* expand.pattern(shell, operation.pattern);
  const compiled = new Pattern(source, {
    extended: shell.shopts.has("extglob"),
    ignoreCase: shell.shopts.has("nocasematch"),
  });
  const by = yield* expand.segments(shell, operation.by);
  const ampersand = shell.shopts.has("patsub_replacement");
  const made = (match: string) =>
    by.map(({ text, quoted }) => (quoted || !ampersand ? text : substituted(text, match))).join("");
  return source === "" ? keep : (text) => replaced(shell, text, operation.where, compiled, made);
}

function* keep(text: string): Task<string> {
  return text;
}

/** An unquoted & stands for what was matched (patsub_replacement, bash 5.2). */
function substituted(text: string, match: string): string {
  return text.includes("&") ? text.replace(/\\&|\\\\|&/g, (found) => (found === "&" ? match : found.slice(1))) : text;
}

function removed(text: string, operator: "#" | "##" | "%" | "%%", pattern: Pattern): string {
  if (operator.startsWith("#")) {
    const found = pattern.prefix(text);
    return found ? text.slice(operator === "#" ? found.shortest : found.longest) : text;
  }
  const found = pattern.suffix(text);
  return found ? text.slice(0, operator === "%" ? found.shortest : found.longest) : text;
}

function recased(text: string, operator: Operation<"case">["operator"], pattern: Pattern | undefined): string {
  const upper = (c: string) => operator.startsWith("^") || (operator.startsWith("~") && c === c.toLowerCase());
  const change = (c: string) => (pattern && !pattern.matches(c) ? c : upper(c) ? c.toUpperCase() : c.toLowerCase());
  if (operator.length === 2) return [...text].map(change).join("");
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return text === "" ? text : change(first) + text.slice(first.length);
}

function* replaced(
  shell: Shell,
  text: string,
  where: "/" | "//" | "/#" | "/%",
  pattern: Pattern,
  made: (match: string) => string,
): Task<string> {
  if (where === "/#") {
    const found = pattern.prefix(text);
    return found ? made(text.slice(0, found.longest)) + text.slice(found.longest) : text;
  }
  if (where === "/%") {
    const found = pattern.suffix(text);
    return found ? text.slice(0, found.longest) + made(text.slice(found.longest)) : text;
  }
  if (where === "//" && pattern.literal !== undefined)
    return replacedEverywhere(text, pattern.literal, made(pattern.literal));
  const pieces: string[] = [];
  let from = 0;
  let size = 0;
  for (let at = 0; at <= text.length; ) {
    if (shell.proc.tick()) yield undefined;
    if (pattern.literal !== undefined) at = text.indexOf(pattern.literal, at);
    const found = at < 0 || (at === text.length && text !== "") ? undefined : pattern.prefix(text, at);
    if (at < 0) break;
    if (!found || (found.longest === at && text !== "")) {
      at++;
      continue;
    }
    const piece = made(text.slice(at, found.longest));
    size += at - from + piece.length;
    if (size > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${size} bytes`, "shell");
    pieces.push(text.slice(from, at), piece);
    from = found.longest;
    at = Math.max(found.longest, at + 1);
    if (where === "/") break;
  }
  return pieces.join("") + text.slice(from);
}

function replacedEverywhere(text: string, literal: string, by: string): string {
  let count = 0;
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) count++;
  const size = text.length + count * (by.length - literal.length);
  if (size > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${size} bytes`, "shell");
  return text.replaceAll(literal, () => by);
}

function* slice(
  shell: Shell,
  part: ParameterPart,
  { offset, length }: Operation<"slice">,
  value: Value,
  expand: Expansions,
): Task<Value> {
  const from = Number(yield* expand.arithmetic(shell, offset));
  const count = length && Number(yield* expand.arithmetic(shell, length));
  if (value.type === "one") {
    const text = value.text ?? "";
    const characters: ArrayLike<string> = /[\ud800-\udbff]/.test(text) ? [...text] : text;
    const size = characters.length;
    const start = from < 0 ? size + from : from;
    if (start < 0 || start > size) return { type: "one", text: "" };
    const end = endOf(start, count, size, length?.text ?? "");
    return {
      type: "one",
      text:
        typeof characters === "string"
          ? characters.slice(start, end)
          : Array.from(characters).slice(start, end).join(""),
    };
  }
  if (count !== undefined && count < 0) throw new Problem(`${length?.text ?? ""}: substring expression < 0`);
  if (part.name === "@" || part.name === "*") {
    const all = [shell.name, ...value.texts];
    const start = from < 0 ? all.length + from : from;
    const texts = start < 0 ? [] : from === 0 ? all : all.slice(start);
    return { ...value, texts: texts.slice(0, count) };
  }
  return sliceArray(value, from, count);
}

/** By index, not by place: the elements of a sparse array from index `from` on. */
function sliceArray(value: Value & { type: "many" }, from: number, count: number | undefined): Value {
  const keys = value.keys ?? [];
  const numeric = keys.every((key) => typeof key === "number");
  const end = numeric ? Number(keys.at(-1) ?? -1) + 1 : keys.length;
  const start = from < 0 ? end + from : from;
  if (start < 0) return { ...value, texts: [] };
  const first = numeric ? keys.findIndex((key) => Number(key) >= start) : Math.max(0, start - 1);
  return {
    ...value,
    texts: first < 0 ? [] : value.texts.slice(first, count === undefined ? undefined : first + count),
  };
}

function endOf(start: number, count: number | undefined, size: number, text: string): number {
  if (count === undefined) return size;
  const end = count < 0 ? size + count : start + count;
  if (end < start) throw new Problem(`${text}: substring expression < 0`);
  return end;
}
