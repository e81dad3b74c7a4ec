/** A POSIX regular expression taken apart. */
export type Node =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "any" }
  | { readonly type: "set"; readonly set: CharacterSet }
  | { readonly type: "assert"; readonly what: Assertion }
  | { readonly type: "group"; readonly index: number; readonly body: Node }
  | { readonly type: "back"; readonly index: number }
  | { readonly type: "repeat"; readonly body: Node; readonly min: number; readonly max: number }
  | { readonly type: "sequence"; readonly parts: readonly Node[] }
  | { readonly type: "either"; readonly parts: readonly Node[] };

export type Assertion =
  | "lineStart"
  | "lineEnd"
  | "textStart"
  | "textEnd"
  | "wordStart"
  | "wordEnd"
  | "edge"
  | "noEdge"
  | "afterNoWord"
  | "beforeNoWord";

export interface CharacterSet {
  readonly negated: boolean;
  /** Code points, first and last. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly classes: readonly string[];
}

/** Which of POSIX' two languages, and what a program adds to it. */
export interface Dialect {
  readonly extended: boolean;
  /** Backslash escapes as sed or awk knows them; grep has none. */
  readonly escapes?: "sed" | "awk";
  readonly ignoreCase?: boolean;
  /** ^ and $ match at every line (sed's M). */
  readonly multiline?: boolean;
  /** Takes what GNU grep warns of. */
  readonly warn?: (text: string) => void;
}

/** A regular expression that regcomp(3) refuses, in its words. */
export class RegexError extends Error {}

/** A compiled regular expression. */
export interface Pattern {
  /** How many groups it has. */
  readonly groups: number;
  /** Start and end of the leftmost longest match at or after `from`, then of its groups (-1 where unset). */
  exec(text: string, from?: number): readonly number[] | undefined;
  test(text: string): boolean;
}
