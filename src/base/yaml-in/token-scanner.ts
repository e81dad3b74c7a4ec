import { Cursor, type Token, type TokenKind } from "./define-token.ts";
import { scanBlockScalar, scanPlain, scanQuoted } from "./scan-scalar.ts";

/** A token that turns out to be a key if a colon follows. */
interface PossibleKey {
  readonly number: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  /** It stands where the keys of its map stand, so a colon must follow. */
  readonly required: boolean;
}

/** Cuts a document into tokens, one ahead of the grammar and further only while a key may still turn up (libyaml). */
export class TokenScanner {
  private readonly cursor: Cursor;
  private readonly queue: Token[] = [];
  private taken = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  /** One for each level of brackets around the cursor, and one for the block. */
  private readonly keys: (PossibleKey | undefined)[] = [undefined];
  private keyAllowed = true;
  private ended = false;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  peek(): Token {
    while (!this.ended && this.needsMore()) this.fetch();
    return this.queue[0] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== "stream end") {
      this.queue.shift();
      this.taken++;
    }
    return token;
  }

  private get inFlow(): boolean {
    return this.keys.length > 1;
  }

  /** The first token cannot be given away while it may be a key. */
  private needsMore(): boolean {
    if (this.queue.length === 0) return true;
    const level = this.keys.findIndex((key) => key?.number === this.taken);
    return level >= 0 && this.stillPossible(level);
  }

  private stillPossible(level: number): boolean {
    const key = this.keys[level];
    if (!key) return false;
    if (key.line === this.cursor.line && key.at + 1024 >= this.cursor.at) return true;
    if (key.required) this.cursor.refuse("could not find expected ':'", key.line);
    this.keys[level] = undefined;
    return false;
  }

  private add(kind: TokenKind, name?: string): void {
    const { at, line } = this.cursor;
    this.queue.push(name === undefined ? { kind, at, line } : { kind, at, line, name });
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.closeBlocks(cursor.column);
    if (cursor.isEnd()) this.end();
    else if (cursor.here === "%" && cursor.column === 0) this.directive();
    else if (cursor.isMarker("---")) this.marker("document start");
    else if (cursor.isMarker("...")) this.marker("document end");
    else this.fetchBy(cursor.here);
  }

  private fetchBy(character: string): void {
    const { cursor } = this;
    if (character === "[" || character === "{") this.openFlow(character);
    else if (character === "]" || character === "}") this.closeFlow(character);
    else if (character === ",") this.comma();
    else if (character === "-" && cursor.isBlankOrEnd(1)) this.entry();
    else if (character === "?" && (this.inFlow || cursor.isBlankOrEnd(1))) this.explicitKey();
    else if (character === ":" && (this.inFlow || cursor.isBlankOrEnd(1))) this.value();
    else if (character === "*" || character === "&") this.anchor(character === "*" ? "alias" : "anchor");
    else if (character === "!") this.tag();
    else if ((character === "|" || character === ">") && !this.inFlow) this.blockScalar();
    else if (character === "'" || character === '"') this.quoted(character);
    else if (this.startsPlain(character)) this.plain();
    else cursor.refuse("found character that cannot start any token");
  }

  private startsPlain(character: string): boolean {
    const { cursor } = this;
    if (character === "-") return !cursor.isBlank(1);
    if (character === "?" || character === ":") return !this.inFlow && !cursor.isBlankOrEnd(1);
    return !"\t\n\r,[]{}#&*!|>'\"%@`".includes(character);
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      if (cursor.at === 0 && cursor.here === "\ufeff") cursor.skip();
      while (cursor.here === " " || (cursor.here === "\t" && (this.inFlow || !this.keyAllowed))) cursor.skip();
      if (cursor.here === "#") while (!cursor.isBreakOrEnd()) cursor.skip();
      if (!cursor.isBreak()) return;
      cursor.skipBreak();
      if (!this.inFlow) this.keyAllowed = true;
    }
  }

  private end(): void {
    this.cursor.endLine();
    this.closeBlocks(-1);
    this.forgetKey();
    this.add("stream end");
    this.ended = true;
  }

  private marker(kind: TokenKind): void {
    this.closeBlocks(-1);
    this.forgetKey();
    this.keyAllowed = false;
    this.add(kind);
    this.cursor.skip(3);
  }

  /** A directive ends the document before it. */
  private directive(): void {
    const { cursor } = this;
    this.closeBlocks(-1);
    this.forgetKey();
    this.keyAllowed = false;
    const name = /^%([\w-]*)/.exec(cursor.text.slice(cursor.at, cursor.at + 80))?.[1] ?? "";
    if (name === "") cursor.refuse("could not find expected directive name");
    if (!cursor.isBlankOrEnd(name.length + 1)) cursor.refuse("found unexpected non-alphabetical character");
    if (name !== "YAML" && name !== "TAG") cursor.refuse("found unknown directive name");
    this.add("directive", cursor.text.slice(cursor.at, cursor.at + 80));
    while (!cursor.isBreakOrEnd()) cursor.skip();
  }

  private openFlow(kind: "[" | "{"): void {
    this.rememberKey();
    this.keys.push(undefined);
    this.keyAllowed = true;
    this.add(kind);
    this.cursor.skip();
  }

  private closeFlow(kind: "]" | "}"): void {
    this.forgetKey();
    if (this.inFlow) this.keys.pop();
    this.keyAllowed = false;
    this.add(kind);
    this.cursor.skip();
  }

  private comma(): void {
    this.forgetKey();
    this.keyAllowed = true;
    this.add(",");
    this.cursor.skip();
  }

  private entry(): void {
    if (!this.inFlow) {
      if (!this.keyAllowed) this.cursor.refuse("block sequence entries are not allowed in this context");
      this.openBlock(this.cursor.column, "list start");
    }
    this.forgetKey();
    this.keyAllowed = true;
    this.add("entry");
    this.cursor.skip();
  }

  private explicitKey(): void {
    if (!this.inFlow) {
      if (!this.keyAllowed) this.cursor.refuse("mapping keys are not allowed in this context");
      this.openBlock(this.cursor.column, "map start");
    }
    this.forgetKey();
    this.keyAllowed = !this.inFlow;
    this.add("key");
    this.cursor.skip();
  }

  private value(): void {
    const level = this.keys.length - 1;
    const key = this.stillPossible(level) ? this.keys[level] : undefined;
    if (key) {
      const place = key.number - this.taken;
      this.queue.splice(place, 0, { kind: "key", at: key.at, line: key.line });
      this.openBlock(key.column, "map start", key);
      this.keys[level] = undefined;
      this.keyAllowed = false;
    } else {
      if (!this.inFlow) {
        if (!this.keyAllowed) this.cursor.refuse("mapping values are not allowed in this context");
        this.openBlock(this.cursor.column, "map start");
      }
      this.keyAllowed = !this.inFlow;
    }
    this.add("value");
    this.cursor.skip();
  }

  private anchor(kind: "alias" | "anchor"): void {
    this.rememberKey();
    this.keyAllowed = false;
    const { cursor } = this;
    const name = /^[\w-]*/.exec(cursor.text.slice(cursor.at + 1, cursor.at + 1025))?.[0] ?? "";
    const length = name.length + 1;
    const good =
      name !== "" && (cursor.isBlankOrEnd(length) || "?:,]}%@`".includes(cursor.text[cursor.at + length] ?? ""));
    if (!good) {
      cursor.skip(length);
      cursor.refuse("did not find expected alphabetic or numeric character");
    }
    this.add(kind, name);
    cursor.skip(length);
  }

  private tag(): void {
    this.rememberKey();
    this.keyAllowed = false;
    const { cursor } = this;
    const rest = cursor.text.slice(cursor.at, cursor.at + 1025);
    const tag = /^!(?:<[^>\s]*>|[\w\-;/?:@&=+$,.!~*'()[\]%]*)/.exec(rest)?.[0] ?? "!";
    this.add("tag");
    cursor.skip(tag.length);
    if (!cursor.isBlankOrEnd()) cursor.refuse("did not find expected whitespace or line break");
  }

  private blockScalar(): void {
    this.forgetKey();
    this.keyAllowed = true;
    this.add("scalar");
    scanBlockScalar(this.cursor, this.indent);
  }

  private quoted(quote: string): void {
    this.rememberKey();
    this.keyAllowed = false;
    this.add("scalar");
    scanQuoted(this.cursor, quote);
  }

  private plain(): void {
    this.rememberKey();
    this.keyAllowed = false;
    this.add("scalar");
    if (scanPlain(this.cursor, this.indent + 1, this.inFlow)) this.keyAllowed = true;
  }

  private rememberKey(): void {
    if (!this.keyAllowed) return;
    this.forgetKey();
    const { at, line, column } = this.cursor;
    const required = !this.inFlow && this.indent === column;
    this.keys[this.keys.length - 1] = { number: this.taken + this.queue.length, at, line, column, required };
  }

  private forgetKey(): void {
    const level = this.keys.length - 1;
    const key = this.keys[level];
    if (key?.required) this.cursor.refuse("could not find expected ':'", key.line);
    this.keys[level] = undefined;
  }

  private openBlock(column: number, kind: "list start" | "map start", key?: PossibleKey): void {
    if (this.inFlow || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (key) this.queue.splice(key.number - this.taken, 0, { kind, at: key.at, line: key.line });
    else this.add(kind);
  }

  private closeBlocks(column: number): void {
    if (this.inFlow) return;
    while (this.indent > column) {
      this.add("block end");
      this.indent = this.indents.pop() ?? -1;
    }
  }
}
