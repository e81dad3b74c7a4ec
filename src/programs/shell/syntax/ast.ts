/** How quotes are read: as in a plain word, inside double quotes, or as in a here-document. */
export type Quoting = "word" | "double" | "here-document";

/** A word as it was typed; what it means is worked out when it is first needed (see word.ts). */
export interface Word {
  readonly text: string;
  /** "word" where nothing is said; arithmetic is read as if it stood in double quotes. */
  readonly quoting?: Quoting;
  parts?: readonly Part[];
  /** The words that brace expansion makes of it; undefined before it was tried, itself alone where there are none. */
  braces?: readonly Word[];
  /** Whether nothing in it can be expanded; undefined before it was looked at. */
  plain?: boolean;
  /** Whether it is text in double quotes with at most one parameter; undefined before it was looked at. */
  quoted?: boolean;
}

export type Part =
  /** Unquoted text. */
  | { readonly type: "text"; readonly text: string }
  /** Text in single quotes, after a backslash, or in $'…'. */
  | { readonly type: "quoted"; readonly text: string }
  | { readonly type: "double"; readonly parts: readonly Part[] }
  | ParameterPart
  | CommandPart
  | { readonly type: "arithmetic"; readonly expression: Word }
  | { readonly type: "process"; readonly direction: "<" | ">"; readonly body: string; script?: Script };

export interface CommandPart {
  readonly type: "command";
  readonly body: string;
  /** `$(< file)` reads a file without a command. */
  script?: Script;
}

export interface ParameterPart {
  readonly type: "parameter";
  /** As typed, for messages. */
  readonly text: string;
  readonly name: string;
  /** The text between the brackets. */
  readonly subscript?: Word | undefined;
  readonly form: "value" | "length" | "indirect" | "keys" | "names" | "bad";
  readonly operation?: ParameterOperation | undefined;
}

export type ParameterOperation =
  | { readonly type: "default"; readonly operator: string; readonly word: Word }
  | { readonly type: "remove"; readonly operator: "#" | "##" | "%" | "%%"; readonly word: Word }
  | { readonly type: "replace"; readonly where: "/" | "//" | "/#" | "/%"; readonly pattern: Word; readonly by: Word }
  | { readonly type: "slice"; readonly offset: Word; readonly length: Word | undefined }
  | { readonly type: "case"; readonly operator: "^" | "^^" | "," | ",," | "~" | "~~"; readonly word: Word }
  | { readonly type: "transform"; readonly operator: string }
  | { readonly type: "names"; readonly operator: "@" | "*" };

export interface Assignment {
  readonly name: string;
  readonly subscript: Word | undefined;
  readonly append: boolean;
  readonly value: Word | readonly Element[];
  /** As typed up to and with the equals sign. */
  readonly head: string;
}

/** One element of `name=(…)`. */
export interface Element {
  readonly key: Word | undefined;
  readonly append: boolean;
  readonly value: Word;
}

export interface Redirect {
  readonly operator: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<" | "<<<";
  readonly fd: number | undefined;
  /** `{name}>file`: the number is chosen and kept in this variable. */
  readonly variable: string | undefined;
  readonly target: Word;
}

export interface Script {
  readonly source: string;
  readonly statements: readonly Statement[];
  /** Why the rest could not be read; what stands before it runs. */
  readonly problem?: SyntaxProblem;
  /** Here-documents that the end of the text closed. */
  readonly warnings: readonly { readonly line: number; readonly from: number; readonly delimiter: string }[];
}

export interface SyntaxProblem {
  /** As bash says it, e.g. "syntax error near unexpected token `)'". */
  readonly message: string;
  /** The line that bash shows after the message, where it does. */
  readonly shown: string | undefined;
  readonly line: number;
  /** Whether more text could mend it. */
  readonly incomplete: boolean;
}

export interface Statement {
  readonly node: Node;
  readonly background: boolean;
  /** Where it begins in the source. */
  readonly pos: number;
  readonly line: number;
  readonly endLine: number;
  /** The source, for the job table. */
  readonly text: string;
}

export type List = readonly Statement[];

export interface Simple {
  readonly type: "simple";
  readonly pos: number;
  readonly line: number;
  readonly text: string;
  readonly assignments: readonly Assignment[];
  readonly words: readonly (Word | Assignment)[];
  readonly redirects: readonly Redirect[];
}

export type Test =
  | { readonly type: "unary"; readonly operator: string; readonly word: Word }
  | { readonly type: "binary"; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly type: "and" | "or"; readonly parts: readonly Test[] }
  | { readonly type: "not"; readonly test: Test; readonly times: number };

export type Compound =
  | { readonly type: "group" | "subshell"; readonly body: List }
  | {
      readonly type: "if";
      readonly branches: readonly { readonly test: List; readonly body: List }[];
      readonly otherwise: List | undefined;
    }
  | { readonly type: "while"; readonly until: boolean; readonly test: List; readonly body: List }
  | {
      readonly type: "for" | "select";
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly body: List;
      readonly line: number;
    }
  | {
      readonly type: "counting";
      readonly start: Word;
      readonly test: Word;
      readonly step: Word;
      readonly body: List;
      readonly line: number;
    }
  | { readonly type: "case"; readonly word: Word; readonly items: readonly CaseItem[]; readonly line: number }
  | { readonly type: "test"; readonly test: Test; readonly line: number }
  | { readonly type: "arithmetic"; readonly expression: Word; readonly line: number };

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: List;
  readonly end: ";;" | ";&" | ";;&";
}

export interface FunctionNode {
  readonly type: "function";
  readonly name: string;
  readonly body: Node;
  readonly line: number;
  readonly text: string;
}

export type Node =
  | Simple
  | Compound
  | FunctionNode
  | {
      readonly type: "redirected";
      readonly node: Compound;
      readonly redirects: readonly Redirect[];
      readonly line: number;
    }
  | {
      readonly type: "pipeline";
      readonly stages: readonly Node[];
      readonly both: readonly boolean[];
      readonly negated: boolean;
      readonly timed: false | "bash" | "posix";
      readonly texts: readonly string[];
    }
  | {
      readonly type: "and-or";
      readonly parts: readonly Node[];
      readonly operators: readonly ("&&" | "||")[];
      readonly texts: readonly string[];
    };
