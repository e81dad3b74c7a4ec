/** What can be assigned to. */
export type Target =
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "element"; readonly name: string; readonly keys: readonly Expression[] }
  | { readonly type: "field"; readonly index: Expression };

export type Expression =
  | Target
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "regex"; readonly source: string }
  | { readonly type: "assign"; readonly operator: string; readonly target: Target; readonly value: Expression }
  | { readonly type: "choose"; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly type: "logic"; readonly operator: "&&" | "||"; readonly left: Expression; readonly right: Expression }
  | { readonly type: "matches"; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly type: "in"; readonly keys: readonly Expression[]; readonly name: string }
  | { readonly type: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: "unary"; readonly operator: string; readonly operand: Expression }
  | { readonly type: "bump"; readonly by: 1 | -1; readonly before: boolean; readonly target: Target }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
  | { readonly type: "builtin"; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
  | {
      readonly type: "getline";
      readonly from: "main" | "file" | "command";
      readonly source?: Expression;
      readonly target?: Target | undefined;
    }
  | { readonly type: "grouping"; readonly parts: readonly Expression[] };

export interface Redirect {
  readonly kind: ">" | ">>" | "|";
  readonly to: Expression;
}

export type Statement =
  | { readonly type: "block"; readonly body: readonly Statement[] }
  | { readonly type: "expression"; readonly value: Expression }
  | {
      readonly type: "print";
      readonly format: boolean;
      readonly args: readonly Expression[];
      readonly redirect?: Redirect | undefined;
    }
  | { readonly type: "if"; readonly test: Expression; readonly yes: Statement; readonly no?: Statement | undefined }
  | {
      readonly type: "loop";
      readonly test?: Expression | undefined;
      readonly body: Statement;
      readonly step?: Statement | undefined;
      readonly first?: Statement | undefined;
      readonly testLast?: boolean;
    }
  | { readonly type: "forIn"; readonly variable: Target; readonly name: string; readonly body: Statement }
  | { readonly type: "jump"; readonly to: "next" | "nextfile" | "break" | "continue" }
  | { readonly type: "exit" | "return"; readonly value?: Expression | undefined }
  | { readonly type: "delete"; readonly name: string; readonly keys?: readonly Expression[] | undefined };

export interface Rule {
  /** undefined: every record; two: a range. */
  readonly pattern: readonly Expression[];
  /** undefined: print. */
  readonly action?: Statement | undefined;
}

export interface Routine {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly begin: readonly Statement[];
  readonly end: readonly Statement[];
  readonly rules: readonly Rule[];
  readonly routines: ReadonlyMap<string, Routine>;
  /** Where the end is: mawk names it for a function that is missing. */
  readonly lastLine: number;
}
