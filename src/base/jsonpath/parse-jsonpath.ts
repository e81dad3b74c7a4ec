import { goUnquote } from "../go-unquote.ts";
import { type Bound, type JsonPath, JsonPathError, type JsonPathList, type JsonPathNode } from "./jsonpath-node.ts";

const END = "";

/** A reader over one template; actions inside filters and brackets are read by readers of their own. */
interface Reader {
  readonly text: string;
  at: number;
  /** Where the piece being read began. */
  start: number;
  readonly into: JsonPathNode[];
}

/** Reads a JSONPath template of kubectl (client-go util/jsonpath, 1.33). Throws a JsonPathError. */
export function parseJsonPath(template: string): JsonPath {
  return { template, nodes: readTemplate(template) };
}

function readTemplate(text: string): JsonPathList {
  const nodes: JsonPathNode[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    if (open !== at) nodes.push({ type: "text", text: text.slice(at, open < 0 ? undefined : open) });
    if (open < 0) break;
    const reader: Reader = { text, at: open + 1, start: open + 1, into: [] };
    readAction(reader);
    nodes.push({ type: "list", nodes: reader.into });
    at = reader.at;
  }
  return nodes;
}

/** The steps of an action given without its braces. */
function readInner(text: string): JsonPathList {
  const first = readTemplate(`{${text}}`)[0];
  return first?.type === "list" ? first.nodes : [];
}

/** Reads up to and including the closing brace. */
function readAction(reader: Reader): void {
  for (;;) {
    const { text, at } = reader;
    reader.start = at;
    if (text.startsWith("}", at)) {
      reader.at++;
      return;
    }
    if (text.startsWith("[?(", at)) readFilter(reader);
    else if (text.startsWith("..", at)) readRecursive(reader);
    else readStep(reader, next(reader));
  }
}

function readStep(reader: Reader, character: string): void {
  if (character === END || character === "\n") throw new JsonPathError("unclosed action");
  if (character === " " || character === "@" || character === "$") return;
  if (character === "[") readBrackets(reader);
  else if (character === '"' || character === "'") readQuoted(reader, character);
  else if (character === ".") readField(reader);
  else if (/[+\-0-9]/.test(character)) readNumber(reader);
  else if (isWord(character)) readIdentifier(reader);
  else throw new JsonPathError(`unrecognized character in action: ${unicodeName(character)}`);
}

function next(reader: Reader): string {
  const code = reader.text.codePointAt(reader.at);
  if (code === undefined) return END;
  const character = String.fromCodePoint(code);
  reader.at += character.length;
  return character;
}

function piece(reader: Reader): string {
  const text = reader.text.slice(reader.start, reader.at);
  reader.start = reader.at;
  return text;
}

/** Go's `%#U`: the code point, and the character if it can be printed. */
export function unicodeName(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character) ? `U+${code} '${character}'` : `U+${code}`;
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{Nd}_]$/u.test(character);
}

function endsWord(character: string): boolean {
  return character === END || " \t\r\n.,[]$@{}".includes(character);
}

function readRecursive(reader: Reader): void {
  reader.at += 2;
  reader.into.push({ type: "recursive" });
  if (isWord(reader.text[reader.at] ?? "")) {
    // The name after `..` is a field without a dot of its own.
    reader.start = reader.at;
    readName(reader);
  }
}

function readField(reader: Reader): void {
  reader.start = reader.at;
  readName(reader);
}

function readName(reader: Reader): void {
  while (!endsWord(reader.text[reader.at] ?? END)) {
    if (next(reader) === "\\") next(reader);
  }
  const name = piece(reader);
  reader.into.push(name === "*" ? { type: "wildcard" } : { type: "field", name: name.replaceAll("\\", "") });
}

function readIdentifier(reader: Reader): void {
  while (!endsWord(reader.text[reader.at] ?? END)) next(reader);
  const name = piece(reader);
  if (name === "true" || name === "false") reader.into.push({ type: "literal", value: name === "true", float: false });
  else reader.into.push({ type: "identifier", name });
}

function readNumber(reader: Reader): void {
  while (/[0-9.]/.test(reader.text[reader.at] ?? "")) reader.at++;
  const text = piece(reader);
  if (/^[+-]?\d+$/.test(text)) reader.into.push({ type: "literal", value: Number(text), float: false });
  else if (/^[+-]?(\d+\.\d*|\.\d+)$/.test(text))
    reader.into.push({ type: "literal", value: Number(text), float: true });
  else throw new JsonPathError(`cannot parse number ${text}`);
}

function readQuoted(reader: Reader, quote: string): void {
  for (;;) {
    const character = next(reader);
    if (character === END || character === "\n") throw new JsonPathError("unterminated quoted string");
    if (character === quote && reader.text[reader.at - 2] !== "\\") break;
  }
  const literal = piece(reader);
  const text = goUnquote(literal);
  if (text === undefined) throw new JsonPathError(`unquote string ${literal} error invalid syntax`);
  reader.into.push({ type: "text", text });
}

function readBrackets(reader: Reader): void {
  for (;;) {
    const character = next(reader);
    if (character === END || character === "\n") throw new JsonPathError("unterminated array");
    if (character === "]") break;
  }
  const inner = piece(reader).slice(1, -1);
  const text = inner === "*" ? ":" : inner;
  const members = text.split(",");
  if (members.length > 1) {
    reader.into.push({ type: "union", members: members.map((member) => readInner(`[${trimBlanks(member)}]`)) });
    return;
  }
  const key = /^'([^']*)'$/.exec(text);
  if (key) {
    reader.into.push(...readInner(`.${key[1]}`));
    return;
  }
  reader.into.push(readSlice(text));
}

function trimBlanks(text: string): string {
  return text.replace(/^ +| +$/g, "");
}

function readSlice(text: string): JsonPathNode {
  const parts = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (!parts) throw new JsonPathError(`invalid array index ${text}`);
  const from = bound(parts[1] ?? "");
  const to = parts[2] ? bound(parts[2].slice(1)) : { value: (from.value ?? 0) + 1, derived: true };
  return { type: "slice", from, to, step: bound(parts[3]?.slice(1) ?? "") };
}

function bound(text: string): Bound {
  if (text === "") return { value: undefined };
  const value = Number(text);
  if (text === "-" || !Number.isSafeInteger(value)) throw new JsonPathError(`array index ${text} is not a number`);
  return { value };
}

function readFilter(reader: Reader): void {
  reader.at += 3;
  reader.start = reader.at;
  let begun = false;
  let ended = false;
  let quote = "";
  for (;;) {
    const character = next(reader);
    if (character === END || character === "\n") throw new JsonPathError("unterminated filter");
    if (character === '"' || character === "'") {
      if (!begun) {
        begun = true;
        quote = character;
      } else if (character === quote && reader.text[reader.at - 2] !== "\\") ended = true;
    } else if (character === ")" && begun === ended) break;
  }
  if (next(reader) !== "]") throw new JsonPathError("unclosed array expect ]");
  const text = piece(reader).slice(0, -2);
  const sides = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
  if (sides) {
    const [, left = "", operator = "", right = ""] = sides;
    reader.into.push({ type: "filter", left: readInner(left), right: readInner(right), operator });
  } else reader.into.push({ type: "filter", left: readInner(text), right: [], operator: "exists" });
}
