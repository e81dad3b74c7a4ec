/** Something libyaml refuses: its words, and where. Its scanner counts lines from one, its parser from zero. */
export interface Problem {
  readonly says: string;
  readonly line: number;
  readonly by: "scanner" | "parser" | "nobody";
  /** The line on which that began which could not be read to its end. */
  readonly since?: number;
}

/** Carries a problem up to where it is told. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.says);
    this.problem = problem;
  }
}

export type TokenKind =
  | "directive"
  | "document start"
  | "document end"
  | "stream end"
  | "list start"
  | "map start"
  | "block end"
  | "entry"
  | "key"
  | "value"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

/** A token as libyaml cuts them: blocks begin and end by indentation, keys are marked. */
export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly line: number;
  /** Of anchors and aliases; a directive's text. */
  readonly name?: string;
}

/** A place in the text; the scanner moves it on. Lines and columns count from zero. */
export class Cursor {
  readonly text: string;
  at = 0;
  line = 0;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  /** The character there, or "" at the end. */
  get here(): string {
    return this.text[this.at] ?? "";
  }

  /** Moves over characters that are no line breaks. */
  skip(count = 1): void {
    this.at += count;
  }

  skipBreak(): void {
    this.at++;
    this.line++;
    this.lineStart = this.at;
  }

  /** The end counts as the start of a line of its own. */
  endLine(): void {
    if (this.column === 0) return;
    this.line++;
    this.lineStart = this.at;
  }

  isBlank(ahead = 0): boolean {
    const character = this.text[this.at + ahead];
    return character === " " || character === "\t";
  }

  isBreak(ahead = 0): boolean {
    const character = this.text[this.at + ahead];
    return character !== undefined && breaks.includes(character);
  }

  isEnd(ahead = 0): boolean {
    return this.at + ahead >= this.text.length;
  }

  isBreakOrEnd(ahead = 0): boolean {
    return this.isEnd(ahead) || this.isBreak(ahead);
  }

  isBlankOrEnd(ahead = 0): boolean {
    return this.isBlank(ahead) || this.isBreakOrEnd(ahead);
  }

  /** Whether `---` or `...` stands at the start of this line. */
  isMarker(marker?: "---" | "..."): boolean {
    if (this.column !== 0 || !this.isBlankOrEnd(3)) return false;
    const three = this.text.slice(this.at, this.at + 3);
    return marker === undefined ? three === "---" || three === "..." : three === marker;
  }

  refuse(says: string, since = this.line): never {
    throw new Refusal({ says, line: this.line, by: "scanner", since });
  }
}

const breaks = "\n\r\u0085\u2028\u2029";
