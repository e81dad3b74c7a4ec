import { Refusal, type Token, type TokenKind } from "./define-token.ts";
import { TokenScanner } from "./token-scanner.ts";

/** A bracketed collection in the text, from its opening to after its closing bracket. */
export type FlowSpan = readonly [from: number, to: number];

/** What the grammar found: where the first document ends, and its outermost collections in brackets. */
export interface Checked {
  readonly end: number;
  readonly spans: readonly FlowSpan[];
}

/** Goes through a document by libyaml's grammar and throws a Refusal where libyaml would refuse it. */
export function checkGrammar(text: string): Checked {
  return new Grammar(text).document();
}

const afterEntry: readonly TokenKind[] = ["entry", "block end"];
const afterLooseEntry: readonly TokenKind[] = ["entry", "key", "value", "block end"];
const afterKey: readonly TokenKind[] = ["key", "value", "block end"];

class Grammar {
  private readonly tokens: TokenScanner;
  private readonly anchors = new Set<string>();
  private readonly spans: FlowSpan[] = [];
  private depth = 0;

  constructor(text: string) {
    this.tokens = new TokenScanner(text);
  }

  document(): Checked {
    const directives = this.directives();
    if (this.next() === "document start") this.tokens.take();
    else if (directives) this.refuse("did not find expected <document start>");
    if (!["stream end", "document start", "document end", "directive"].includes(this.next())) this.node(true, false);
    // What follows the first document is not read; but one token is looked at.
    return { end: this.tokens.peek().at, spans: this.spans };
  }

  /** The separator that has to follow a directive was eaten when the file was cut into documents. */
  private directives(): boolean {
    let some = false;
    for (; this.next() === "directive"; some = true) {
      if (/^%YAML +(?!1\.1\s)/.test(this.tokens.peek().name ?? "")) this.refuse("found incompatible YAML document");
      this.tokens.take();
    }
    return some;
  }

  private next(): TokenKind {
    return this.tokens.peek().kind;
  }

  private refuse(says: string, since = 0): never {
    throw new Refusal({ says, line: this.tokens.peek().line, by: "parser", since });
  }

  private node(block: boolean, looseList: boolean): void {
    const named = this.properties();
    const kind = this.next();
    if (kind === "alias" && !named) this.alias(this.tokens.take());
    else if (kind === "scalar") this.tokens.take();
    else if (kind === "[" || kind === "{") this.flow(kind);
    else if (kind === "entry" && looseList) this.looseList();
    else if (kind === "list start" && block) this.list();
    else if (kind === "map start" && block) this.map();
    else if (!named) this.refuse("did not find expected node content");
  }

  /** An anchor and a tag, in either order. */
  private properties(): boolean {
    let anchor = false;
    let tag = false;
    for (;;) {
      const kind = this.next();
      if (kind === "anchor" && !anchor) {
        anchor = true;
        this.anchors.add(this.tokens.take().name ?? "");
      } else if (kind === "tag" && !tag) {
        tag = true;
        this.tokens.take();
      } else return anchor || tag;
    }
  }

  private alias(token: Token): void {
    if (this.anchors.has(token.name ?? "")) return;
    throw new Refusal({ says: `unknown anchor '${token.name}' referenced`, line: 0, by: "nobody" });
  }

  private list(): void {
    const { line } = this.tokens.take();
    while (this.next() === "entry") {
      this.tokens.take();
      if (!afterEntry.includes(this.next())) this.node(true, false);
    }
    if (this.next() !== "block end") this.refuse("did not find expected '-' indicator", line);
    this.tokens.take();
  }

  /** A list that stands no deeper than the key it belongs to. */
  private looseList(): void {
    while (this.next() === "entry") {
      this.tokens.take();
      if (!afterLooseEntry.includes(this.next())) this.node(true, false);
    }
  }

  private map(): void {
    const { line } = this.tokens.take();
    while (this.next() === "key") {
      this.tokens.take();
      if (!afterKey.includes(this.next())) this.node(true, true);
      if (this.next() !== "value") continue;
      this.tokens.take();
      if (!afterKey.includes(this.next())) this.node(true, true);
    }
    if (this.next() !== "block end") this.refuse("did not find expected key", line);
    this.tokens.take();
  }

  private flow(open: "[" | "{"): void {
    const close = open === "[" ? "]" : "}";
    const { at, line } = this.tokens.take();
    this.depth++;
    for (let first = true; this.next() !== close; first = false) {
      if (!first) {
        if (this.next() !== ",") this.refuse(`did not find expected ',' or '${close}'`, line);
        this.tokens.take();
        if (this.next() === close) break;
      }
      if (this.next() === "key") this.pair(close);
      else this.node(false, false);
    }
    const end = this.tokens.take();
    if (--this.depth === 0) this.spans.push([at, end.at + 1]);
  }

  private pair(close: "]" | "}"): void {
    this.tokens.take();
    if (!["value", ",", close].includes(this.next())) this.node(false, false);
    if (this.next() !== "value") return;
    this.tokens.take();
    if (![",", close].includes(this.next())) this.node(false, false);
  }
}
