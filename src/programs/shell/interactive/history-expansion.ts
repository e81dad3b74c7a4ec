import type { History } from "../history.ts";

/** What history expansion made of a line: the new text, or why it could not be done. */
export type Expanded =
  | { readonly text: string; readonly changed: boolean; readonly printOnly: boolean }
  | { readonly error: string };

class NotFound extends Error {}

/** `!!`, `!$`, `!n`, `!text`, `^a^b` with their words and modifiers (bash 5.2, "History Expansion"). */
export function expandHistory(line: string, history: History): Expanded {
  if (!line.includes("!") && !line.startsWith("^")) return { text: line, changed: false, printOnly: false };
  try {
    return new Expansion(line, history).run();
  } catch (error) {
    if (error instanceof NotFound) return { error: error.message };
    throw error;
  }
}

class Expansion {
  private readonly line: string;
  private readonly history: History;
  private at = 0;
  private out = "";
  private changed = false;
  private printOnly = false;

  constructor(line: string, history: History) {
    this.line = line;
    this.history = history;
  }

  run(): Expanded {
    if (this.line.startsWith("^")) return this.quickSubstitution();
    let quoted = false;
    while (this.at < this.line.length) {
      const c = this.line[this.at] as string;
      if (c === "\\") this.copy(2);
      else if (c === "'" && !quoted) this.singleQuotes();
      else if (c === '"') {
        quoted = !quoted;
        this.copy(1);
      } else if (c === "!" && this.isEvent(quoted)) this.event();
      else this.copy(1);
    }
    return { text: this.out, changed: this.changed, printOnly: this.printOnly };
  }

  private copy(count: number): void {
    this.out += this.line.slice(this.at, this.at + count);
    this.at += count;
  }

  private singleQuotes(): void {
    const end = this.line.indexOf("'", this.at + 1);
    this.copy((end < 0 ? this.line.length : end + 1) - this.at);
  }

  private isEvent(quoted: boolean): boolean {
    const next = this.line[this.at + 1];
    if (next === undefined || /[\s=(]/.test(next) || (quoted && next === '"')) return false;
    const before = this.line[this.at - 1];
    return !(before === "$" || (before === "{" && this.line[this.at - 2] === "$") || before === "[");
  }

  private quickSubstitution(): Expanded {
    const [, from = "", to = "", rest = ""] = /^\^([^^]*)\^([^^]*)(?:\^(.*))?$/s.exec(this.line) ?? [];
    const last = this.history.lines.at(-1);
    if (last === undefined || from === "" || !last.includes(from))
      return { error: `:s${this.line}: substitution failed` };
    return { text: last.replace(from, () => to) + rest, changed: true, printOnly: false };
  }

  private event(): void {
    const start = this.at;
    this.at++;
    const line = this.eventLine(start);
    let words = this.designated(line, start);
    for (let modifier = this.modifier(); modifier !== undefined; modifier = this.modifier())
      words = this.modified(words, modifier, start);
    this.out += words;
    this.changed = true;
  }

  /** The line that the designator names; `!$` and the like mean the last one. */
  private eventLine(start: number): string {
    const rest = this.line.slice(this.at);
    const number = /^-?\d+/.exec(rest)?.[0];
    const search = /^\?([^?\n]*)\??/.exec(rest);
    let found: string | undefined;
    if (rest.startsWith("!")) {
      this.at++;
      found = this.history.lines.at(-1);
    } else if (number !== undefined) {
      this.at += number.length;
      found = this.history.numbered(Number(number));
    } else if (search) {
      this.at += search[0].length;
      found = this.history.lines.findLast((line) => line.includes(search[1] as string));
    } else if (/^[$^*:]/.test(rest)) found = this.history.lines.at(-1);
    else if (rest.startsWith("#")) {
      this.at++;
      found = this.out;
    } else {
      const text = /^[^\s:$^*;&|<>()"']+/.exec(rest)?.[0] ?? "";
      this.at += text.length;
      found = text === "" ? undefined : this.history.lines.findLast((line) => line.startsWith(text));
    }
    if (found === undefined) throw new NotFound(`${this.line.slice(start, this.at)}: event not found`);
    return found;
  }

  private designated(line: string, start: number): string {
    const match = /^:?([$^*]|\d+\*|\d+-(?:\d+|\$)?|-\d+|-\$)|^:(\d+)/.exec(this.line.slice(this.at));
    if (!match) return line;
    this.at += match[0].length;
    const words = wordsOf(line);
    const what = (match[1] ?? match[2]) as string;
    const last = words.length - 1;
    if (what === "*") return words.slice(1).join(" ");
    const [low, high] = rangeOf(what, last);
    if (low > last || high > last || low > high)
      throw new NotFound(`${this.line.slice(start, this.at)}: bad word specifier`);
    return words.slice(low, high + 1).join(" ");
  }

  private modifier(): string | undefined {
    const match = /^:(g?s(.)(?:(?!\2).)*\2(?:(?!\2).)*\2?|g?&|[htrepqx])/s.exec(this.line.slice(this.at));
    if (!match) return undefined;
    this.at += match[0].length;
    return match[1];
  }

  private modified(text: string, modifier: string, start: number): string {
    switch (modifier) {
      case "h":
        return text.replace(/\/[^/]*$/, "");
      case "t":
        return text.slice(text.lastIndexOf("/") + 1);
      case "r":
        return text.replace(/\.[^./]*$/, "");
      case "e":
        return /\.[^./]*$/.exec(text)?.[0] ?? "";
      case "p":
        this.printOnly = true;
        return text;
      case "q":
        return `'${text.replaceAll("'", "'\\''")}'`;
      case "x":
        return text
          .split(/\s+/)
          .map((word) => `'${word}'`)
          .join(" ");
    }
    const [, all, , from = "", to = ""] = /^(g?)s(.)((?:(?!\2).)*)\2((?:(?!\2).)*)/s.exec(modifier) ?? [];
    if (!text.includes(from) || from === "")
      throw new NotFound(`${this.line.slice(start, this.at)}: substitution failed`);
    return all
      ? text.replaceAll(from, () => to.replaceAll("&", () => from))
      : text.replace(from, () => to.replaceAll("&", () => from));
  }
}

function rangeOf(what: string, last: number): [number, number] {
  if (what === "$") return [last, last];
  if (what === "^") return [1, 1];
  const [, low = "", dash, high = ""] = /^(\d*)(-|\*)?(\d+|\$)?$/.exec(what) ?? [];
  if (dash === undefined) return [Number(low), Number(low)];
  if (dash === "*") return [Number(low), last];
  return [Number(low || 0), high === "$" ? last : high === "" ? last - 1 : Number(high)];
}

/** The words of a line as readline cuts them: quotes hold together, operators stand alone. */
export function wordsOf(line: string): string[] {
  return line.match(/(?:\\[\s\S]|'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|\$\([^)]*\)|[^\s;&|<>()\\'"])+|[;&|<>()]+/g) ?? [];
}
