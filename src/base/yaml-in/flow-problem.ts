/** Something libyaml would refuse: its words, and the place in the text. */
export interface Problem {
  readonly at: number;
  readonly says: string;
  /** Found by the scanner, which counts lines from one; the parser counts from zero, and some name no line. */
  readonly by: "scanner" | "parser" | "none";
}

interface Token {
  readonly kind: "[" | "]" | "{" | "}" | "," | ":" | "?" | "scalar" | "property" | "end";
  readonly at: number;
  readonly end: number;
  /** A scalar that may be the key of a pair: it ends on the line it begins on. */
  readonly oneLine: boolean;
}

class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.says);
    this.problem = problem;
  }
}

/** Where the flow collection that begins at `from` ends, or what libyaml refuses in it. */
export function checkFlow(text: string, from: number, indent: number): number | Problem {
  try {
    return new Flow(text, indent).collection(from);
  } catch (fault) {
    if (fault instanceof Refusal) return fault.problem;
    throw fault;
  }
}

class Flow {
  private readonly text: string;
  /** Columns below this may hold no tab after a plain scalar. */
  private readonly indent: number;

  constructor(text: string, indent: number) {
    this.text = text;
    this.indent = indent;
  }

  collection(from: number): number {
    const close = this.text[from] === "[" ? "]" : "}";
    let token = this.next(from + 1);
    for (let first = true; token.kind !== close; first = false) {
      if (!first) {
        if (token.kind !== ",") this.refuse(token.at, `did not find expected ',' or '${close}'`);
        token = this.next(token.end);
        if (token.kind === close) break;
      }
      token = this.entry(token, close);
    }
    return token.end;
  }

  /** Reads an entry (a node, or a pair) and gives the token after it. */
  private entry(start: Token, close: string): Token {
    let token = start;
    const explicit = token.kind === "?";
    if (explicit) token = this.next(token.end);
    const isPair = close === "}" || explicit;
    let mayBeKey = true;
    if (isPair && token.kind === ":") mayBeKey = true;
    else if (!(explicit && (token.kind === "," || token.kind === close))) {
      const begun = token;
      token = this.node(token);
      mayBeKey = isPair || (begun.oneLine && !this.text.slice(begun.at, token.at).includes("\n"));
    }
    if (token.kind !== ":" || !mayBeKey) return token;
    const value = this.next(token.end);
    return value.kind === "," || value.kind === close ? value : this.node(value);
  }

  private node(start: Token): Token {
    let token = start;
    let properties = false;
    while (token.kind === "property") {
      properties = true;
      token = this.next(token.end);
    }
    if (token.kind === "[" || token.kind === "{") return this.next(this.collection(token.at));
    if (token.kind === "scalar") return this.next(token.end);
    if (!properties) this.refuse(token.at, "did not find expected node content");
    return token;
  }

  private refuse(at: number, says: string, by: "scanner" | "parser" = "parser"): never {
    throw new Refusal({ at, says, by });
  }

  private next(from: number): Token {
    const { text } = this;
    const at = skip(text, from);
    const character = text[at] ?? "";
    const token = (kind: Token["kind"], end: number): Token => ({
      kind,
      at,
      end,
      oneLine: !text.slice(at, end).includes("\n"),
    });
    if (character === "" || atDocumentEnd(text, at)) return token("end", at);
    if ("[]{},".includes(character)) return token(character as Token["kind"], at + 1);
    const blankNext = /^[\s,[\]{}]?$/.test(text[at + 1] ?? "");
    const quotedBefore = /["'\]}]/.test(text[at - 1] ?? "");
    if (character === ":" && (blankNext || quotedBefore)) return token(":", at + 1);
    if (character === "?" && /^\s?$/.test(text[at + 1] ?? "")) return token("?", at + 1);
    if (character === "-" && /^\s?$/.test(text[at + 1] ?? "")) {
      this.refuse(at, "block sequence entries are not allowed in this context", "scanner");
    }
    if (character === '"' || character === "'") return token("scalar", this.quoted(at, character));
    if (character === "*") return token("scalar", at + word(text, at));
    if (character === "&" || character === "!") return token("property", at + word(text, at));
    if ("|>@`%".includes(character)) this.refuse(at, "found character that cannot start any token", "scanner");
    return token("scalar", this.plain(at));
  }

  private quoted(at: number, quote: string): number {
    const { text } = this;
    for (let i = at + 1; i < text.length; i++) {
      if (quote === '"' && text[i] === "\\") i++;
      else if (quote === "'" && text[i] === "'" && text[i + 1] === "'") i++;
      else if (text[i] === quote) return i + 1;
    }
    return this.refuse(text.length, "found unexpected end of stream", "scanner");
  }

  /** A plain scalar goes on over lines until an indicator, a comment or a separator. */
  private plain(from: number): number {
    const { text } = this;
    let end = from;
    for (let i = from; i < text.length; ) {
      const character = text[i] ?? "";
      if (",[]{}".includes(character)) return end;
      if (character === ":" && /^[\s,[\]{}]?$/.test(text[i + 1] ?? "")) return end;
      if (character === "#" && /\s/.test(text[i - 1] ?? "")) return end;
      if (atDocumentEnd(text, i)) return end;
      i++;
      if (!/\s/.test(character)) end = i;
      else if (character === "\n") this.refuseTab(i);
    }
    return end;
  }

  private refuseTab(line: number): void {
    const blanks = /^[ \t]*/.exec(this.text.slice(line, line + 200))?.[0] ?? "";
    const tab = blanks.indexOf("\t");
    if (tab >= 0 && tab < this.indent) {
      this.refuse(line + tab, "found a tab character that violates indentation", "scanner");
    }
  }
}

function skip(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/^[ \t\r\n]$/.test(text[at] ?? "")) at++;
    if (text[at] !== "#") return at;
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end;
  }
}

function word(text: string, at: number): number {
  return /^[^\s,[\]{}]*/.exec(text.slice(at, at + 1024))?.[0].length ?? 1;
}

function atDocumentEnd(text: string, at: number): boolean {
  return (at === 0 || text[at - 1] === "\n") && /^(?:\.\.\.|---)(?:\s|$)/.test(text.slice(at, at + 4));
}
