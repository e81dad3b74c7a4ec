import type { Json } from "../json.ts";
import { flowValue } from "./plain-flow.ts";
import { isPlainKey, type NotPlain, plainValue } from "./plain-scalar.ts";

/**
 * Reads the YAML that most manifests are written in: block maps and lists, scalars of one line, literal blocks, short
 * collections in brackets. Undefined for everything else, and for whatever may be wrong.
 */
export function plainYaml(text: string): Json | NotPlain {
  return other.test(text) ? undefined : new PlainReader(text).whole();
}

/** Tabs, carriage returns, what is not ASCII. */
const other = /[^\n\x20-\x7e]/;
const DEEPEST = 64;
/** A key, and what stands behind it in its line. */
const entry = /^([A-Za-z0-9_][A-Za-z0-9_./-]{0,255}):(?: +(.*))?$/;
const item = /^-(?:( +)(.*))?$/;
const doubleQuoted = /^"([^"\\]*)"(?: +#.*| *)$/;
const singleQuoted = /^'([^']*)'(?: +#.*| *)$/;
const startsPlain = /^(?:[^-?:,[\]{}#&*!|>'"%@`=<]|-[^ -]|--[^ -])/;

class PlainReader {
  private readonly lines: string[];
  private readonly closed: boolean;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.lines = text.split("\n");
    this.closed = text.endsWith("\n");
  }

  whole(): Json | NotPlain {
    if (this.lines[0] === "---") this.at++;
    if (this.indent() !== 0) return undefined;
    const value = this.block(0);
    return this.indent() < 0 ? value : undefined;
  }

  /** How far the next line that says something is indented; -1 at the end. */
  private indent(): number {
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string;
      const first = firstIn(line);
      if (first >= 0 && line[first] !== "#") return first;
    }
    return -1;
  }

  private block(indent: number): Json | NotPlain {
    if (++this.depth > DEEPEST) return undefined;
    const value = this.isItem(indent) ? this.list(indent) : this.map(indent);
    this.depth--;
    return value;
  }

  private isItem(indent: number): boolean {
    const line = this.lines[this.at] as string;
    return line[indent] === "-" && (line.length === indent + 1 || line[indent + 1] === " ");
  }

  private map(indent: number): Json | NotPlain {
    const object: Record<string, Json> = {};
    for (;;) {
      const found = entry.exec((this.lines[this.at] as string).slice(indent));
      const key = found?.[1];
      if (key === undefined || !isPlainKey(key, object)) return undefined;
      this.at++;
      const value = this.value(found?.[2] ?? "", indent, true);
      if (value === undefined) return undefined;
      object[key] = value;
      const next = this.indent();
      if (next < indent) return object;
      if (next > indent) return undefined;
    }
  }

  private list(indent: number): Json | NotPlain {
    const items: Json[] = [];
    for (;;) {
      const found = item.exec((this.lines[this.at] as string).slice(indent));
      if (!found) return undefined;
      const value = this.item(indent, found[1]?.length ?? 0, found[2] ?? "");
      if (value === undefined) return undefined;
      items.push(value);
      const next = this.indent();
      if (next < indent || (next === indent && !this.isItem(indent))) return items;
      if (next > indent) return undefined;
    }
  }

  /** What stands behind a dash: a map that begins there, or a value. */
  private item(indent: number, blanks: number, rest: string): Json | NotPlain {
    if (entry.test(rest)) {
      const column = indent + 1 + blanks;
      this.lines[this.at] = " ".repeat(column) + rest;
      return this.block(column);
    }
    this.at++;
    return this.value(rest, indent, false);
  }

  /** The value behind a key or a dash; what is deeper in the lines below belongs to it. */
  private value(rest: string, indent: number, ofMap: boolean): Json | NotPlain {
    if (rest === "" || rest[0] === "#") {
      const next = this.indent();
      if (next > indent || (ofMap && next === indent && this.isItem(indent))) return this.block(next);
      return null;
    }
    if (rest[0] === "|") return this.literal(rest, indent);
    const value = oneLine(rest);
    return this.indent() > indent ? undefined : value;
  }

  /** A literal block whose first line says how deep it is. */
  private literal(head: string, indent: number): string | NotPlain {
    if ((head !== "|" && head !== "|-") || !this.closed) return undefined;
    let depth = -1;
    const parts: string[] = [];
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string;
      const first = firstIn(line);
      if (first < 0 && line !== "") return undefined;
      if (depth < 0 && first >= 0) depth = first;
      if (depth >= 0 && depth <= indent) return undefined;
      if (first >= 0 && first < depth) {
        if (first > indent) return undefined;
        break;
      }
      parts.push(line.slice(depth));
    }
    if (depth < 0) return undefined;
    while (parts.at(-1) === "") parts.pop();
    return parts.join("\n") + (head === "|" ? "\n" : "");
  }
}

/** Where the first character is that is no blank; -1 where there is none. */
function firstIn(line: string): number {
  for (let i = 0; i < line.length; i++) if (line.charCodeAt(i) !== 0x20) return i;
  return -1;
}

function oneLine(rest: string): Json | NotPlain {
  const first = rest[0];
  if (first === '"') return doubleQuoted.exec(rest)?.[1];
  if (first === "'") return singleQuoted.exec(rest)?.[1];
  if (first === "{" || first === "[") return flowValue(rest);
  const comment = rest.indexOf(" #");
  const text = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  if (!startsPlain.test(text) || text.includes(": ") || text.endsWith(":")) return undefined;
  return plainValue(text);
}
