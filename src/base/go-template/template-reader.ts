import { goQuote } from "../go-text.ts";
import { type NamedTemplate, TemplateError } from "./template-node.ts";
import type { Token, TokenKind } from "./template-token.ts";

/** A template while it is read. */
export interface Reader {
  readonly name: string;
  readonly text: string;
  readonly hasFunction: (name: string) => boolean;
  readonly tokens: readonly Token[];
  at: number;
  /** The last token that was looked at: its line is the line of messages. */
  furthest: number;
  variables: readonly string[];
  /** How many ranges are open. */
  ranges: number;
  /** The line on which the open action began, 0 outside actions. */
  actionLine: number;
  readonly templates: Map<string, NamedTemplate>;
}

export function next(reader: Reader): Token {
  const last = reader.tokens.length - 1;
  const at = Math.min(reader.at++, last);
  reader.furthest = Math.max(reader.furthest, at);
  return reader.tokens[at] as Token;
}

export function backUp(reader: Reader): void {
  reader.at--;
}

export function nextNoSpace(reader: Reader): Token {
  for (;;) {
    const token = next(reader);
    if (token.kind !== "space") return token;
  }
}

export function peekNoSpace(reader: Reader): Token {
  const token = nextNoSpace(reader);
  backUp(reader);
  return token;
}

export function expect(reader: Reader, kind: TokenKind, context: string): Token {
  const token = nextNoSpace(reader);
  if (token.kind !== kind) throw unexpected(reader, token, context);
  return token;
}

export function fail(reader: Reader, message: string): TemplateError {
  return new TemplateError(`template: ${reader.name}:${reader.tokens[reader.furthest]?.line}: ${message}`);
}

export function unexpected(reader: Reader, token: Token, context: string): TemplateError {
  if (token.kind !== "error") return fail(reader, `unexpected ${tokenText(token)} in ${context}`);
  let extra = "";
  if (reader.actionLine !== 0 && reader.actionLine !== token.line) {
    const started = ` started at ${reader.name}:${reader.actionLine}`;
    extra = token.text.endsWith(" action") ? started : ` in action${started}`;
  }
  return fail(reader, token.text + extra);
}

function tokenText(token: Token): string {
  if (token.kind === "end") return "EOF";
  if (token.kind === "keyword") return `<${token.text}>`;
  const characters = [...token.text];
  return characters.length > 10 ? `${goQuote(characters.slice(0, 10).join(""))}...` : goQuote(token.text);
}
