import type { Pattern } from "../regex/define.ts";

/** Where a command applies. */
export type Address =
  | { readonly type: "line"; readonly line: number }
  | { readonly type: "last" }
  | { readonly type: "step"; readonly first: number; readonly step: number }
  /** undefined: the regular expression used last. */
  | { readonly type: "pattern"; readonly pattern: Pattern | undefined };

/** The end of a range. */
export type RangeEnd =
  | Address
  | { readonly type: "more"; readonly count: number }
  | { readonly type: "multiple"; readonly of: number };

/** A piece of what s puts in: text, a group, or a change of case. */
export type Piece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "group"; readonly index: number }
  | { readonly type: "case"; readonly to: "U" | "L" | "u" | "l" | "E" };

export interface Substitution {
  readonly pattern: Pattern | undefined;
  readonly pieces: readonly Piece[];
  readonly every: boolean;
  /** The first match that is replaced. */
  readonly from: number;
  readonly print: boolean;
  readonly file: string | undefined;
}

export interface Command {
  readonly from: Address | undefined;
  readonly to: RangeEnd | undefined;
  readonly negated: boolean;
  readonly name: string;
  /** Text of a, i and c; the label of b, t and T; the file of r, R, w and W. */
  readonly text: string;
  /** The status of q and Q, the width of l. */
  readonly number: number | undefined;
  readonly substitution?: Substitution;
  readonly characters?: ReadonlyMap<string, string>;
  /** For an opening brace: the index of the command after the closing one. */
  end: number;
  /** Inside its range now, and the line where that ends. */
  active: boolean;
  lastLine: number;
}

export interface Script {
  readonly commands: readonly Command[];
  readonly labels: ReadonlyMap<string, number>;
  /** The script began with #n. */
  readonly quiet: boolean;
}
