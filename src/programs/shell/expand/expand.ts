import type { Task } from "../../../machine/define.ts";
import { evaluate } from "../arithmetic/evaluate.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { ParameterPart, Part, Word } from "../syntax/ast.ts";
import { BraceLimit, bracesOf } from "../syntax/brace.ts";
import { partsOf } from "../syntax/word.ts";
import { STRING_LIMIT } from "../variables.ts";
import { Fields } from "./fields.ts";
import { emitParameter } from "./parameter.ts";
import { pathnames } from "./pathname.ts";
import { expandTilde } from "./tilde.ts";
import { parameterValue } from "./value.ts";

/** Where a tilde means a home: at the beginning of a word, also after colons in an assignment, or nowhere. */
type Tilde = "word" | "assignment" | "none";

/** The arguments that words become: braces, tildes, parameters, commands, arithmetic, splitting, file names, quotes. */
export function* expandWords(shell: Shell, words: readonly Word[]): Task<string[]> {
  const out: string[] = [];
  for (const word of words) {
    const plain = plainText(word);
    const text = plain ?? quotedText(shell, word);
    if (text !== undefined) {
      if (plain === undefined && shell.proc.tick()) yield undefined;
      out.push(text);
    } else for (const single of braced(shell, word)) yield* expandField(shell, single, out);
  }
  return out;
}

/** The text of a word in which nothing can be expanded. */
export function plainText(word: Word): string | undefined {
  word.plain ??= /^[\w./:=%,+@-]+$/.test(word.text);
  return word.plain ? word.text : undefined;
}

/** The text of a word like "…" with at most one parameter that has a value: nothing of it is split, matched or run. */
function quotedText(shell: Shell, word: Word): string | undefined {
  word.quoted ??= isQuoted(partsOf(word));
  if (!word.quoted) return undefined;
  let text = "";
  for (const part of (partsOf(word)[0] as Part & { type: "double" }).parts) {
    if (part.type === "quoted") text += part.text;
    else if (part.type === "parameter") {
      const value = parameterValue(shell, part.name, undefined);
      if (value.type !== "one" || value.text === undefined) return undefined;
      text += value.text;
    }
  }
  return text.length <= STRING_LIMIT ? text : undefined;
}

function isQuoted(parts: readonly Part[]): boolean {
  const [only] = parts;
  if (parts.length !== 1 || only?.type !== "double") return false;
  const others = only.parts.filter(({ type }) => type !== "quoted");
  return (
    others.length === 0 || (others.length === 1 && others.every((part) => part.type === "parameter" && isPlain(part)))
  );
}

function braced(shell: Shell, word: Word): readonly Word[] {
  if (!shell.has("braceexpand")) return [word];
  try {
    return bracesOf(word);
  } catch (error) {
    if (error instanceof BraceLimit) throw new Problem(error.message);
    throw error;
  }
}

function* expandField(shell: Shell, word: Word, out: string[]): Task {
  const sink = new Fields({
    ifs: shell.vars.get("IFS") ?? " \t\n",
    split: true,
    extended: shell.shopts.has("extglob"),
  });
  yield* emit(shell, partsOf(word), sink, { quoted: false, operand: false, tilde: "word" });
  for (const { text, pattern } of sink.fields()) {
    if (shell.proc.tick()) yield undefined;
    if (pattern === undefined || shell.has("noglob")) out.push(text);
    else {
      const found = yield* pathnames(shell, pattern);
      if (found.length > 0) for (const path of found) out.push(path);
      else if (shell.shopts.has("failglob")) throw new Problem(`no match: ${text}`);
      else if (!shell.shopts.has("nullglob")) out.push(text);
    }
  }
}

function unsplit(shell: Shell): Fields {
  return new Fields({ ifs: "", split: false, extended: shell.shopts.has("extglob") });
}

/** One text, neither split nor matched against files: the value of an assignment, the word of `case`. */
export function* expandText(shell: Shell, word: Word, tilde: Tilde = "word"): Task<string> {
  const plain = plainText(word);
  if (plain !== undefined) return plain;
  const sink = unsplit(shell);
  yield* emit(shell, partsOf(word), sink, { quoted: word.quoting === "double", operand: false, tilde });
  return sink.text();
}

/** A pattern in which what was quoted stands behind backslashes. */
export function* expandPattern(shell: Shell, word: Word): Task<string> {
  const sink = unsplit(shell);
  yield* emit(shell, partsOf(word), sink, { quoted: false, operand: false, tilde: "word" });
  return sink.pattern();
}

/** The pieces of a text, with what was quoted marked: for the replacement of ${x/…} and the right side of =~. */
export function* expandSegments(
  shell: Shell,
  word: Word,
): Task<readonly { readonly text: string; readonly quoted: boolean }[]> {
  const sink = unsplit(shell);
  yield* emit(shell, partsOf(word), sink, { quoted: false, operand: false, tilde: "word" });
  return sink.segments();
}

/** The value of an arithmetic expression, its own expansions done first. */
export function* expandArithmetic(shell: Shell, word: Word): Task<bigint> {
  const text = yield* expandText(shell, word, "none");
  return evaluate(text, shell.scope);
}

interface How {
  readonly quoted: boolean;
  /** Whether this is the word of ${x:-word}, whose own text is split like a result. */
  readonly operand: boolean;
  readonly tilde: Tilde;
}

function* emit(shell: Shell, parts: readonly Part[], sink: Fields, how: How): Task {
  for (const [i, part] of parts.entries()) {
    switch (part.type) {
      case "text":
        emitText(shell, part.text, i === 0, parts.length - 1 === i, sink, how);
        break;
      case "quoted":
        sink.quoted(part.text);
        break;
      case "double":
        if (!part.parts.every(isList)) sink.quoted("");
        else if (part.parts.length === 0) sink.quoted("");
        yield* emit(shell, part.parts, sink, { quoted: true, operand: false, tilde: "none" });
        break;
      case "parameter":
        if (isPlain(part)) {
          const value = parameterValue(shell, part.name, undefined);
          if (value.type === "one" && value.text !== undefined) {
            result(sink, value.text, how.quoted);
            break;
          }
        }
        yield* emitParameter(shell, part, sink, how.quoted, expansions);
        break;
      case "command":
        result(sink, yield* shell.run.capture(shell, part), how.quoted);
        break;
      case "arithmetic":
        result(sink, String(yield* expandArithmetic(shell, part.expression)), how.quoted);
        break;
      case "process":
        sink.quoted(shell.run.processPath(shell, part));
        break;
    }
  }
}

/** `$x` and nothing more. */
function isPlain(part: ParameterPart): boolean {
  return part.form === "value" && part.operation === undefined && part.subscript === undefined;
}

/** Whether a part of "…" may come to nothing at all, as "$@" does without arguments. */
function isList(part: Part): boolean {
  if (part.type !== "parameter" || part.form === "length") return false;
  return (
    part.name === "@" ||
    part.subscript?.text === "@" ||
    (part.operation?.type === "names" && part.operation.operator === "@") ||
    part.form === "indirect"
  );
}

function result(sink: Fields, text: string, quoted: boolean): void {
  if (quoted) sink.quoted(text);
  else sink.expansion(text);
}

function emitText(shell: Shell, text: string, first: boolean, last: boolean, sink: Fields, how: How): void {
  let rest = text;
  const assigned = first && how.tilde === "word" ? /^[A-Za-z_]\w*\+?=(?=~)/.exec(text)?.[0] : undefined;
  if (assigned) {
    sink.literal(assigned);
    rest = tildes(shell, text.slice(assigned.length), true, last, sink, true);
  } else if (text.includes("~") && how.tilde !== "none")
    rest = tildes(shell, text, first, last, sink, how.tilde === "assignment");
  if (how.quoted) sink.quoted(rest);
  else if (how.operand) sink.expansion(rest);
  else sink.literal(rest);
}

/** Emits what tildes expand to and gives the text that is left. */
function tildes(shell: Shell, text: string, first: boolean, last: boolean, sink: Fields, assignment: boolean): string {
  let rest = text;
  let atStart = first;
  for (;;) {
    const found = atStart ? expandTilde(shell, rest, last, assignment) : undefined;
    if (found) {
      sink.quoted(found.home);
      rest = found.rest;
    }
    const colon = assignment ? rest.indexOf(":~") : -1;
    if (colon < 0) return rest;
    sink.literal(rest.slice(0, colon + 1));
    rest = rest.slice(colon + 1);
    if (atStart && !found && colon < 0) return rest;
    atStart = true;
  }
}

/** What the parameter expansions need of this module, handed over so that the two need not import each other. */
export interface Expansions {
  text(shell: Shell, word: Word): Task<string>;
  pattern(shell: Shell, word: Word): Task<string>;
  segments(shell: Shell, word: Word): Task<readonly { readonly text: string; readonly quoted: boolean }[]>;
  arithmetic(shell: Shell, word: Word): Task<bigint>;
  operand(shell: Shell, word: Word, sink: Fields, quoted: boolean): Task;
}

const expansions: Expansions = {
  text: expandText,
  pattern: expandPattern,
  segments: expandSegments,
  arithmetic: expandArithmetic,
  operand: (shell, word, sink, quoted) =>
    emit(shell, partsOf(word), sink, { quoted, operand: true, tilde: quoted ? "none" : "word" }),
};
