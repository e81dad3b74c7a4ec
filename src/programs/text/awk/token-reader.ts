import { Fail } from "../shared/fail.ts";
import { Lexer, type Token } from "./lexer.ts";

/** The tokens of an awk program, with one of look-ahead and a way back. */
export class TokenReader {
  protected token: Token;
  protected readonly lexer: Lexer;
  protected readonly tokens: Token[] = [];
  protected at = 0;

  constructor(source: string) {
    this.lexer = new Lexer(source);
    this.token = this.lexer.next();
    this.tokens.push(this.token);
  }

  protected is(type: string): boolean {
    return this.token.type === type;
  }

  protected advance(): void {
    this.at++;
    if (this.at === this.tokens.length) this.tokens.push(this.lexer.next());
    this.token = this.tokens[this.at] as Token;
  }

  protected take(type: string): boolean {
    if (!this.is(type)) return false;
    this.advance();
    return true;
  }

  protected need(type: string): void {
    if (!this.take(type)) this.unexpected();
  }

  protected needName(): string {
    const { text } = this.token;
    if (!this.is("name")) this.unexpected();
    this.advance();
    return text;
  }

  protected mark(): number {
    return this.at;
  }

  protected back(mark: number): void {
    this.at = mark;
    this.token = this.tokens[mark] as Token;
  }

  protected skipNewlines(): void {
    while (this.is("newline")) this.advance();
  }

  protected unexpected(): never {
    const { type, text, line } = this.token;
    const where = type === "end" ? "end of file" : type === "newline" ? "end of line" : text;
    throw new Fail(`line ${line}: syntax error at or near ${where}`, 2);
  }

  protected peek(): Token {
    if (this.at + 1 === this.tokens.length) this.tokens.push(this.lexer.next());
    return this.tokens[this.at + 1] as Token;
  }
}
