import { goQuote } from "../go-text.ts";
import { goUnquote } from "../go-unquote.ts";
import { readPipeline } from "./parse-pipeline.ts";
import { templateTokens } from "./template-lexer.ts";
import type { Branch, NamedTemplate, TemplateNode } from "./template-node.ts";
import { backUp, expect, fail, next, nextNoSpace, peekNoSpace, type Reader, unexpected } from "./template-reader.ts";
import type { Token } from "./template-token.ts";

/** What ends a list of nodes inside a control structure. */
interface Ending {
  readonly ending: "end" | "else";
}

type Piece = TemplateNode | Ending;

/**
 * Reads a Go template: the main template and those of its `define` and `block`, by name. `hasFunction` tells which
 * functions there are. Throws a TemplateError in Go's words (text/template of Go 1.24).
 */
export function parseTemplate(
  name: string,
  text: string,
  hasFunction: (name: string) => boolean,
): ReadonlyMap<string, NamedTemplate> {
  const reader: Reader = {
    name,
    text,
    hasFunction,
    tokens: templateTokens(text),
    at: 0,
    furthest: 0,
    variables: ["$"],
    ranges: 0,
    actionLine: 0,
    templates: new Map(),
  };
  const body: TemplateNode[] = [];
  while (peekAny(reader).kind !== "end") {
    if (startsDefinition(reader)) readDefinition(reader);
    else {
      const piece = readPiece(reader);
      if ("ending" in piece) throw fail(reader, `unexpected {{${piece.ending}}}`);
      body.push(piece);
    }
  }
  define(reader, name, body);
  return reader.templates;
}

/** Whether a template holds nothing but white space, so that it does not replace one of the same name. */
function isEmpty(body: readonly TemplateNode[]): boolean {
  return body.every((node) => node.type === "text" && node.text.trim() === "");
}

function define(reader: Reader, name: string, body: readonly TemplateNode[]): void {
  const known = reader.templates.get(name);
  if (known && !isEmpty(known.body)) {
    if (isEmpty(body)) return;
    throw fail(reader, `template: multiple definition of template ${goQuote(name)}`);
  }
  reader.templates.set(name, { name, body, source: reader.text, sourceName: reader.name });
}

function peekAny(reader: Reader): Token {
  const token = next(reader);
  backUp(reader);
  return token;
}

function startsDefinition(reader: Reader): boolean {
  const start = reader.at;
  const isDefinition =
    next(reader).kind === "left" &&
    ((token) => token.kind === "keyword" && token.text === "define")(nextNoSpace(reader));
  if (!isDefinition) reader.at = start;
  return isDefinition;
}

function readDefinition(reader: Reader): void {
  const outer = reader.variables;
  reader.variables = ["$"];
  const name = readName(reader, "define clause");
  expect(reader, "right", "define clause");
  const [body, ending] = readList(reader);
  if (ending !== "end") throw fail(reader, `unexpected {{${ending}}} in define clause`);
  define(reader, name, body);
  reader.variables = outer;
}

function readName(reader: Reader, context: string): string {
  const token = nextNoSpace(reader);
  if (token.kind !== "string" && token.kind !== "rawString") throw unexpected(reader, token, context);
  const name = goUnquote(token.text);
  if (name === undefined) throw fail(reader, "invalid syntax");
  return name;
}

function readList(reader: Reader): [body: TemplateNode[], ending: "end" | "else"] {
  const body: TemplateNode[] = [];
  while (peekNoSpace(reader).kind !== "end") {
    const piece = readPiece(reader);
    if ("ending" in piece) return [body, piece.ending];
    body.push(piece);
  }
  throw fail(reader, "unexpected EOF");
}

function readPiece(reader: Reader): Piece {
  const token = nextNoSpace(reader);
  if (token.kind === "text") return { type: "text", at: token.at, text: token.text };
  if (token.kind !== "left") throw unexpected(reader, token, "input");
  reader.actionLine = token.line;
  const piece = readAction(reader);
  reader.actionLine = 0;
  return piece;
}

function readAction(reader: Reader): Piece {
  const token = nextNoSpace(reader);
  if (token.kind === "keyword") {
    switch (token.text) {
      case "if":
      case "with":
      case "range":
        return readBranch(reader, token.text);
      case "block":
        return readBlock(reader);
      case "template":
        return readTemplateCall(reader);
      case "end":
        expect(reader, "right", "end");
        return { ending: "end" };
      case "else":
        return readElse(reader);
      case "break":
      case "continue":
        return readJump(reader, token, token.text);
    }
  }
  backUp(reader);
  const at = token.at;
  return { type: "action", at, pipe: readPipeline(reader, "command", "right") };
}

function readBranch(reader: Reader, word: "if" | "with" | "range"): TemplateNode {
  const variables = reader.variables;
  const pipe = readPipeline(reader, word, "right");
  if (word === "range") reader.ranges++;
  const [body, ending] = readList(reader);
  if (word === "range") reader.ranges--;
  let otherwise: readonly TemplateNode[] | undefined;
  if (ending === "else") otherwise = readOtherwise(reader, word);
  reader.variables = variables;
  const branch: Branch = { pipe, body, otherwise };
  return { type: "branch", at: pipe.at, word, branch };
}

/** What follows `{{else`: for `else if` and `else with` one more branch, whose `end` is the end of both. */
function readOtherwise(reader: Reader, word: "if" | "with" | "range"): readonly TemplateNode[] {
  const token = peekNoSpace(reader);
  if (word !== "range" && token.kind === "keyword" && token.text === word) {
    nextNoSpace(reader);
    return [readBranch(reader, word)];
  }
  const [body, ending] = readList(reader);
  if (ending !== "end") throw fail(reader, "expected end; found {{else}}");
  return body;
}

function readElse(reader: Reader): Ending {
  const token = peekNoSpace(reader);
  const continues = token.kind === "keyword" && (token.text === "if" || token.text === "with");
  if (!continues) expect(reader, "right", "else");
  return { ending: "else" };
}

function readJump(reader: Reader, token: Token, word: "break" | "continue"): TemplateNode {
  const after = nextNoSpace(reader);
  if (after.kind !== "right") throw unexpected(reader, after, `{{${word}}}`);
  if (reader.ranges === 0) throw fail(reader, `{{${word}}} outside {{range}}`);
  return { type: word, at: token.at };
}

function readBlock(reader: Reader): TemplateNode {
  const at = peekNoSpace(reader).at;
  const name = readName(reader, "block clause");
  const pipe = readPipeline(reader, "block clause", "right");
  const outer = reader.variables;
  reader.variables = ["$"];
  const [body, ending] = readList(reader);
  if (ending !== "end") throw fail(reader, `unexpected {{${ending}}} in block clause`);
  define(reader, name, body);
  reader.variables = outer;
  return { type: "template", at, name, pipe };
}

function readTemplateCall(reader: Reader): TemplateNode {
  const at = peekNoSpace(reader).at;
  const name = readName(reader, "template clause");
  if (peekNoSpace(reader).kind === "right") {
    nextNoSpace(reader);
    return { type: "template", at, name, pipe: undefined };
  }
  return { type: "template", at, name, pipe: readPipeline(reader, "template clause", "right") };
}
