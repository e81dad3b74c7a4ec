import type { Json } from "../json.ts";
import { isPlainKey, type NotPlain, plainValue } from "./plain-scalar.ts";

const DEEPEST = 32;
const word = /(?:[A-Za-z0-9_./]|-(?=[A-Za-z0-9-]))[A-Za-z0-9_./=%+@-]*/y;
const key = /([A-Za-z0-9_][A-Za-z0-9_./-]{0,255}): +/y;
const quoted = /"([^"\\]*)"|'([^']*)'/y;
const rest = /(?: +#.*| *)$/y;
const blanks = / */y;

/** A collection in brackets that takes a line of its own, with simple words in it; undefined for others. */
export function flowValue(text: string): Json | NotPlain {
  const reader = new FlowReader(text);
  const value = reader.value(0);
  return reader.take(rest) ? value : undefined;
}

class FlowReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  value(depth: number): Json | NotPlain {
    const first = this.text[this.at];
    if (depth > DEEPEST) return undefined;
    if (first === "{") return this.map(depth);
    if (first === "[") return this.list(depth);
    if (first === '"' || first === "'") {
      const found = this.take(quoted);
      return found ? (found[1] ?? found[2]) : undefined;
    }
    const found = this.take(word)?.[0];
    return found === undefined || found.startsWith("---") ? undefined : plainValue(found);
  }

  private map(depth: number): Json | NotPlain {
    const object: Record<string, Json> = {};
    if (this.opens("}")) return object;
    do {
      const name = this.take(key)?.[1];
      if (name === undefined || !isPlainKey(name, object)) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      object[name] = value;
    } while (this.goesOn());
    return this.closes("}") ? object : undefined;
  }

  private list(depth: number): Json | NotPlain {
    const items: Json[] = [];
    if (this.opens("]")) return items;
    do {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.goesOn());
    return this.closes("]") ? items : undefined;
  }

  /** Passes the opening bracket; true when the closing one follows at once. */
  private opens(close: string): boolean {
    this.at++;
    this.take(blanks);
    return this.closes(close);
  }

  private goesOn(): boolean {
    this.take(blanks);
    if (this.text[this.at] !== ",") return false;
    this.at++;
    this.take(blanks);
    return true;
  }

  private closes(close: string): boolean {
    if (this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }
}
