import { parseBracket } from "./bracket.ts";
import { type Assertion, type CharacterSet, type Dialect, type Node, RegexError } from "./define.ts";

/** The most that {n,m} may say (RE_DUP_MAX of glibc). */
const MOST = 32_767;

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", f: "\f", v: "\v", a: "\x07", r: "\r" };
const edges: Readonly<Record<string, Assertion>> = {
  "<": "wordStart",
  ">": "wordEnd",
  b: "edge",
  B: "noEdge",
  "`": "textStart",
  "'": "textEnd",
};
const word: CharacterSet = { negated: false, ranges: [[95, 95]], classes: ["alnum"] };
const space: CharacterSet = { negated: false, ranges: [], classes: ["space"] };

/** Parses a basic or extended regular expression as glibc's regcomp does. */
export function parseRegex(source: string, dialect: Dialect): { node: Node; groups: number; backReferences: boolean } {
  const parser = new Parser(source, dialect);
  const node = parser.either(0);
  if (!parser.atEnd) throw new RegexError("Unmatched ) or \\)");
  return { node, groups: parser.groups, backReferences: parser.backReferences };
}

class Parser {
  groups = 0;
  backReferences = false;
  private readonly closed = new Set<number>();
  private readonly source: readonly string[];
  private readonly dialect: Dialect;
  private at = 0;

  constructor(source: string, dialect: Dialect) {
    this.source = [...source];
    this.dialect = dialect;
  }

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  private peek(ahead = 0): string | undefined {
    return this.source[this.at + ahead];
  }

  /** Whether the operator stands here: bare in an ERE, with a backslash in a BRE. */
  private operator(sign: string): boolean {
    return this.dialect.extended ? this.peek() === sign : this.peek() === "\\" && this.peek(1) === sign;
  }

  private take(sign: string): boolean {
    if (!this.operator(sign)) return false;
    this.at += this.dialect.extended ? 1 : 2;
    return true;
  }

  either(depth: number): Node {
    const parts = [this.sequence(depth)];
    while (this.take("|")) parts.push(this.sequence(depth));
    return parts.length === 1 ? (parts[0] as Node) : { type: "either", parts };
  }

  private sequence(depth: number): Node {
    const parts: Node[] = [];
    while (!this.atEnd && !this.operator("|")) {
      if (this.operator(")") && (depth > 0 || !this.dialect.extended)) break;
      if (this.operator(")") && this.dialect.escapes === "awk") break;
      const atom = this.atom(parts.length === 0, depth);
      if (atom) parts.push(this.repeats(atom));
    }
    return parts.length === 1 ? (parts[0] as Node) : { type: "sequence", parts: joinText(parts) };
  }

  private atom(first: boolean, depth: number): Node | undefined {
    const { extended } = this.dialect;
    if (this.operator("(")) return this.group(depth);
    const character = this.peek() ?? "";
    this.at++;
    if (character === "\\") return this.escape();
    if (character === ".") return { type: "any" };
    if (character === "[") return this.bracket();
    if (character === "^" && (extended || first)) return this.assertion("Start");
    if (character === "$" && (extended || this.endsHere())) return this.assertion("End");
    if (character === "*" && first && extended) return this.nothingToRepeat(character);
    if (extended && first && (character === "+" || character === "?")) return this.nothingToRepeat(character);
    return { type: "text", text: character };
  }

  private nothingToRepeat(sign: string): undefined {
    if (this.dialect.escapes === "sed") throw new RegexError("Invalid preceding regular expression");
    this.dialect.warn?.(`${sign} at start of expression`);
    return undefined;
  }

  private assertion(edge: "Start" | "End"): Node {
    const what = `${this.dialect.multiline ? "line" : "text"}${edge}` as Assertion;
    // In a BRE a star after the anchor stands for itself.
    if (edge === "Start" && !this.dialect.extended && this.peek() === "*") {
      this.at++;
      return { type: "sequence", parts: [{ type: "assert", what }, this.repeats({ type: "text", text: "*" })] };
    }
    return { type: "assert", what };
  }

  /** In a BRE $ is an anchor only at the end of the whole, of a group or of an alternative. */
  private endsHere(): boolean {
    return this.atEnd || this.operator(")") || this.operator("|");
  }

  private group(depth: number): Node {
    this.take("(");
    const index = ++this.groups;
    if (depth > 250) throw new RegexError("Regular expression too big");
    const body = this.either(depth + 1);
    if (!this.take(")")) throw new RegexError("Unmatched ( or \\(");
    this.closed.add(index);
    return { type: "group", index, body };
  }

  private escape(): Node {
    const next = this.peek();
    if (next === undefined) throw new RegexError("Trailing backslash");
    this.at++;
    const edge = edges[next];
    const { escapes } = this.dialect;
    if (escapes !== "awk" && next >= "1" && next <= "9") return this.backReference(Number(next));
    if (edge && escapes !== "awk") return { type: "assert", what: edge };
    if (escapes !== "awk" && (next === "w" || next === "W"))
      return { type: "set", set: { ...word, negated: next === "W" } };
    if (escapes !== "awk" && (next === "s" || next === "S"))
      return { type: "set", set: { ...space, negated: next === "S" } };
    if (escapes) {
      const simple = simpleEscapes[next];
      if (simple !== undefined) return { type: "text", text: simple };
      const coded = this.numbered(next);
      if (coded !== undefined) return { type: "text", text: coded };
    }
    if (next === "{" && !this.dialect.extended) throw new RegexError("Invalid preceding regular expression");
    return { type: "text", text: next };
  }

  /** sed's \xHH, \oNNN, \dNNN and \cX, awk's \NNN. */
  private numbered(kind: string): string | undefined {
    const rest = this.source.slice(this.at, this.at + 3).join("");
    if (this.dialect.escapes === "awk") {
      const octal = /^[0-7]{1,3}/.exec(kind + rest)?.[0];
      if (octal === undefined) return undefined;
      this.at += octal.length - 1;
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    const [form, base] =
      kind === "x" ? [/^[0-9a-fA-F]{1,2}/, 16] : kind === "o" ? [/^[0-7]{1,3}/, 8] : [/^[0-9]{1,3}/, 10];
    if (kind !== "x" && kind !== "o" && kind !== "d") return undefined;
    const digits = form.exec(rest)?.[0];
    if (digits === undefined) return undefined;
    this.at += digits.length;
    return String.fromCharCode(Number.parseInt(digits, base));
  }

  private backReference(index: number): Node {
    if (!this.closed.has(index)) throw new RegexError("Invalid back reference");
    this.backReferences = true;
    return { type: "back", index };
  }

  private bracket(): Node {
    const { set, next } = parseBracket(this.source, this.at, this.dialect.escapes);
    this.at = next;
    return { type: "set", set };
  }

  private repeats(atom: Node): Node {
    let node = atom;
    for (;;) {
      const range = this.repetition();
      if (!range) return node;
      node = { type: "repeat", body: node, min: range[0], max: range[1] };
    }
  }

  private repetition(): [number, number] | undefined {
    if (this.peek() === "*") {
      this.at++;
      return [0, Number.POSITIVE_INFINITY];
    }
    if (this.take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.take("?")) return [0, 1];
    return this.operator("{") ? this.interval() : undefined;
  }

  private interval(): [number, number] | undefined {
    const { extended } = this.dialect;
    const rest = this.source.slice(this.at + (extended ? 1 : 2), this.at + 20).join("");
    const found = (extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest);
    if (!found || (found[1] === "" && found[2] === "")) {
      if (extended && this.dialect.escapes !== "sed") return undefined;
      throw new RegexError(rest.includes("}") ? "Invalid content of \\{\\}" : "Unmatched { or \\{");
    }
    this.at += (extended ? 1 : 2) + found[0].length;
    const min = found[1] === "" ? 0 : Number(found[1]);
    const max = found[2] === "" ? min : found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (min > max) throw new RegexError("Invalid content of \\{\\}");
    if (min > MOST || (max !== Number.POSITIVE_INFINITY && max > MOST))
      throw new RegexError("Regular expression too big");
    return [min, max];
  }
}

/** Joins single characters that follow each other. */
function joinText(parts: readonly Node[]): Node[] {
  const joined: Node[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === "text" && last?.type === "text")
      joined[joined.length - 1] = { type: "text", text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
