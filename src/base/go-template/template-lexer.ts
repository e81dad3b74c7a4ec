import { goQuote } from "../go-text.ts";
import { unicodeName } from "../jsonpath/parse-jsonpath.ts";
import { keywords, type Token, type TokenKind } from "./template-token.ts";

interface Lexer {
  readonly text: string;
  at: number;
  line: number;
  depth: number;
  readonly tokens: Token[];
}

const blank = /[ \t\r\n]/;
const word = /[\p{L}\p{Nd}_]/u;

/** Cuts a template into tokens; what cannot be read ends the list as a token of kind "error". */
export function templateTokens(text: string): readonly Token[] {
  const lexer: Lexer = { text, at: 0, line: 1, depth: 0, tokens: [] };
  while (readText(lexer) && readAction(lexer));
  return lexer.tokens;
}

function emit(lexer: Lexer, kind: TokenKind, end: number): void {
  const { at, line } = lexer;
  const text = lexer.text.slice(at, end);
  lexer.tokens.push({ kind, text, at, line });
  skipTo(lexer, end);
}

function skipTo(lexer: Lexer, end: number): void {
  for (let i = lexer.at; i < end; i++) if (lexer.text.charCodeAt(i) === 10) lexer.line++;
  lexer.at = end;
}

function fail(lexer: Lexer, message: string): false {
  lexer.tokens.push({ kind: "error", text: message, at: lexer.at, line: lexer.line });
  return false;
}

/** Reads text up to and including the next left delimiter (and comments); false at the end. */
function readText(lexer: Lexer): boolean {
  const { text } = lexer;
  for (;;) {
    const open = text.indexOf("{{", lexer.at);
    if (open < 0) {
      if (lexer.at < text.length) emit(lexer, "text", text.length);
      emit(lexer, "end", text.length);
      return false;
    }
    const trims = text[open + 2] === "-" && blank.test(text[open + 3] ?? "");
    let end = open;
    if (trims) while (end > lexer.at && blank.test(text[end - 1] ?? "")) end--;
    if (end > lexer.at) emit(lexer, "text", end);
    skipTo(lexer, open);
    const inner = open + 2 + (trims ? 2 : 0);
    if (!text.startsWith("/*", inner)) {
      emit(lexer, "left", open + 2);
      skipTo(lexer, inner);
      lexer.depth = 0;
      return true;
    }
    const close = text.indexOf("*/", inner);
    if (close < 0) return fail(lexer, "unclosed comment");
    const right = rightDelimiter(text, close + 2);
    if (!right) return fail(lexer, "comment ends before closing delimiter");
    skipTo(lexer, right.end);
  }
}

/** The right delimiter at a place, with a trim marker before it, and where the text after it begins. */
function rightDelimiter(text: string, at: number): { start: number; end: number } | undefined {
  const trims = blank.test(text[at] ?? "") && text.startsWith("-}}", at + 1);
  if (!trims && !text.startsWith("}}", at)) return undefined;
  const start = trims ? at + 2 : at;
  let end = start + 2;
  if (trims) while (end < text.length && blank.test(text[end] ?? "")) end++;
  return { start, end };
}

/** Reads the tokens of an action up to its right delimiter; false where it cannot be read. */
function readAction(lexer: Lexer): boolean {
  for (;;) {
    const right = rightDelimiter(lexer.text, lexer.at);
    if (right) {
      if (lexer.depth > 0) return fail(lexer, "unclosed left paren");
      skipTo(lexer, right.start);
      emit(lexer, "right", right.start + 2);
      skipTo(lexer, right.end);
      return true;
    }
    if (!readToken(lexer)) return false;
  }
}

function readToken(lexer: Lexer): boolean {
  const { text, at } = lexer;
  const code = text.codePointAt(at);
  if (code === undefined) return fail(lexer, "unclosed action");
  const character = String.fromCodePoint(code);
  if (blank.test(character)) return readSpace(lexer);
  if (character === ":") return text[at + 1] === "=" ? done(lexer, "declare", at + 2) : fail(lexer, "expected :=");
  const after = text[at + 1] ?? "";
  if (character === "." && !/[0-9]/.test(after)) return readName(lexer, "field", "dot");
  if (/[-+.0-9]/.test(character)) return readNumber(lexer);
  if (character === "$") return readName(lexer, "variable", "variable");
  if (word.test(character)) return readWord(lexer);
  switch (character) {
    case "=":
      return done(lexer, "assign", at + 1);
    case "|":
      return done(lexer, "pipe", at + 1);
    case '"':
      return readQuoted(lexer, '"', "string", "unterminated quoted string");
    case "'":
      return readQuoted(lexer, "'", "character", "unterminated character constant");
    case "`": {
      const close = text.indexOf("`", at + 1);
      return close < 0 ? fail(lexer, "unterminated raw quoted string") : done(lexer, "rawString", close + 1);
    }
    case "(":
      lexer.depth++;
      return done(lexer, "open", at + 1);
    case ")":
      if (--lexer.depth < 0) return fail(lexer, "unexpected right paren");
      return done(lexer, "close", at + 1);
    default:
      if (/[!-~]/.test(character)) return done(lexer, "char", at + 1);
      return fail(lexer, `unrecognized character in action: ${unicodeName(character)}`);
  }
}

function done(lexer: Lexer, kind: TokenKind, end: number): true {
  emit(lexer, kind, end);
  return true;
}

function readSpace(lexer: Lexer): boolean {
  let end = lexer.at;
  while (blank.test(lexer.text[end] ?? "")) {
    // The blank before a trim marker belongs to the right delimiter.
    if (end > lexer.at && rightDelimiter(lexer.text, end)) break;
    end++;
  }
  return done(lexer, "space", end);
}

function readQuoted(lexer: Lexer, quote: string, kind: TokenKind, unterminated: string): boolean {
  const { text } = lexer;
  for (let end = lexer.at + 1; end < text.length; end++) {
    const character = text[end];
    if (character === quote) return done(lexer, kind, end + 1);
    if (character === "\\") end++;
    if (end >= text.length || text[end] === "\n") break;
  }
  return fail(lexer, unterminated);
}

function endOfWord(text: string, from: number): number {
  let end = from;
  for (;;) {
    const code = text.codePointAt(end);
    if (code === undefined || !word.test(String.fromCodePoint(code))) return end;
    end += code > 0xffff ? 2 : 1;
  }
}

function isTerminator(text: string, at: number): boolean {
  const character = text[at];
  return character === undefined || /[ \t\r\n.,|:()]/.test(character) || text.startsWith("}}", at);
}

function badCharacter(lexer: Lexer, at: number): boolean {
  return fail(lexer, `bad character ${unicodeName(String.fromCodePoint(lexer.text.codePointAt(at) ?? 0))}`);
}

/** A field or variable; `alone` is what the mere `.` or `$` is. */
function readName(lexer: Lexer, kind: TokenKind, alone: TokenKind): boolean {
  const { text, at } = lexer;
  if (isTerminator(text, at + 1)) return done(lexer, alone, at + 1);
  const end = endOfWord(text, at + 1);
  return isTerminator(text, end) ? done(lexer, kind, end) : badCharacter(lexer, end);
}

function readWord(lexer: Lexer): boolean {
  const { text, at } = lexer;
  const end = endOfWord(text, at);
  if (!isTerminator(text, end)) return badCharacter(lexer, end);
  const name = text.slice(at, end);
  if (keywords.has(name)) return done(lexer, "keyword", end);
  if (name === "nil") return done(lexer, "nil", end);
  return done(lexer, name === "true" || name === "false" ? "bool" : "identifier", end);
}

const numberForm =
  /^[+-]?(0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*([pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*\.?[0-9_]*([eE][+-]?[0-9_]*)?)/;

function readNumber(lexer: Lexer): boolean {
  const { text, at } = lexer;
  const end = at + (numberForm.exec(text.slice(at))?.[0].length ?? 1);
  const after = text.codePointAt(end);
  if (after !== undefined && word.test(String.fromCodePoint(after))) {
    const wrong = text.slice(at, end + String.fromCodePoint(after).length);
    return fail(lexer, `bad number syntax: ${goQuote(wrong)}`);
  }
  return done(lexer, "number", end);
}
