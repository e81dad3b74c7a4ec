import type { Token } from "./lexer.ts";

/** What CoreDNS exits with, or what it logs where a reload fails. */
export class CorefileFault extends Error {}

/** Hands out the words of a Corefile one by one, as the plugins' setup functions ask for them (caddy's Dispenser, 1.1). */
export class Dispenser {
  protected tokens: Token[];
  protected cursor = -1;
  private nesting = 0;
  private readonly filename: string;

  constructor(filename: string, tokens: readonly Token[]) {
    this.filename = filename;
    this.tokens = [...tokens];
  }

  /** The word at hand; "" before the first and after the last. */
  get value(): string {
    return this.tokens[this.cursor]?.text ?? "";
  }

  protected is(word: string): boolean {
    return this.value === word;
  }

  next(): boolean {
    if (this.cursor >= this.tokens.length - 1) return false;
    this.cursor++;
    return true;
  }

  /** Goes on to the next word if it stands on the same line. */
  nextArg(): boolean {
    if (this.cursor < 0) {
      this.cursor++;
      return true;
    }
    if (this.cursor >= this.tokens.length - 1) return false;
    if (this.isBreak(this.cursor + 1)) return false;
    this.cursor++;
    return true;
  }

  /** All words up to the end of the line or a brace. */
  remainingArgs(): string[] {
    const words: string[] = [];
    while (this.nextArg()) {
      if (this.is("{")) {
        this.cursor--;
        break;
      }
      words.push(this.value);
    }
    return words;
  }

  /** `while (nextBlock())` walks through a block; false where there is none or it ends. */
  nextBlock(): boolean {
    if (this.nesting > 0) {
      this.next();
      if (this.is("}")) {
        this.nesting--;
        return false;
      }
      return true;
    }
    if (!this.nextArg()) return false;
    if (!this.is("{")) {
      this.cursor--;
      return false;
    }
    this.next();
    if (this.is("}")) return false;
    this.nesting++;
    return true;
  }

  /** The word at hand is the first of its line. */
  protected get isNewLine(): boolean {
    if (this.cursor < 1) return true;
    return this.cursor < this.tokens.length && this.isBreak(this.cursor);
  }

  private isBreak(at: number): boolean {
    const [before, after] = [this.tokens[at - 1], this.tokens[at]];
    if (!before || !after) return true;
    return before.file !== after.file || before.line + before.text.split("\n").length - 1 < after.line;
  }

  protected get file(): string {
    return this.tokens[Math.min(Math.max(this.cursor, 0), this.tokens.length - 1)]?.file ?? this.filename;
  }

  private get line(): number {
    return this.tokens[Math.min(Math.max(this.cursor, 0), this.tokens.length - 1)]?.line ?? 0;
  }

  fault(why: string): CorefileFault {
    return new CorefileFault(`${this.file}:${this.line} - Error during parsing: ${why}`);
  }

  argumentFault(): CorefileFault {
    if (this.is("{")) return this.fault("Unexpected token '{', expecting argument");
    return this.fault(`Wrong argument count or unexpected line ending after '${this.value}'`);
  }

  protected syntaxFault(expected: string): CorefileFault {
    return new CorefileFault(
      `${this.file}:${this.line} - Syntax error: Unexpected token '${this.value}', expecting '${expected}'`,
    );
  }
}
