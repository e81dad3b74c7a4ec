/** The kinds of tokens inside an action; keywords are kinds of their own. */
export type TokenKind =
  | "text"
  | "left"
  | "right"
  | "space"
  | "assign"
  | "declare"
  | "pipe"
  | "open"
  | "close"
  | "string"
  | "rawString"
  | "character"
  | "number"
  | "bool"
  | "dot"
  | "nil"
  | "field"
  | "variable"
  | "identifier"
  | "char"
  | "keyword"
  | "error"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
  readonly line: number;
}

export const keywords: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);
