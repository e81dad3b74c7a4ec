import type { Output } from "../shared/output.ts";
import type { Matcher } from "./matcher.ts";

export interface Look {
  readonly names: boolean;
  readonly lineNumbers: boolean;
  readonly byteOffsets: boolean;
  readonly color: boolean;
  readonly onlyMatching: boolean;
  readonly inverted: boolean;
  /** What ends a file name: a NUL with -Z. */
  readonly nameEnd: string | undefined;
  readonly lineEnd: string;
  /** What stands between groups of lines with their context. */
  readonly between: string | undefined;
}

const on = {
  name: "\x1b[35m\x1b[K",
  number: "\x1b[32m\x1b[K",
  separator: "\x1b[36m\x1b[K",
  match: "\x1b[01;31m\x1b[K",
};
const off = "\x1b[m\x1b[K";

/** Writes lines as grep shows them: prefixes, colours, only the matches. */
export class Printer {
  private readonly out: Output;
  private readonly look: Look;
  private readonly matcher: Matcher;

  constructor(out: Output, look: Look, matcher: Matcher) {
    this.out = out;
    this.look = look;
    this.matcher = matcher;
  }

  get showsNames(): boolean {
    return this.look.names;
  }

  paint(what: keyof typeof on, text: string): string {
    return this.look.color ? on[what] + text + off : text;
  }

  name(name: string): string {
    return this.paint("name", name);
  }

  separator(): void {
    const { between } = this.look;
    if (between !== undefined) this.out.put(`${this.paint("separator", between)}\n`);
  }

  private prefix(name: string, number: number, offset: number, sign: string): string {
    const { look } = this;
    const end = this.paint("separator", sign);
    let text = "";
    if (look.names) text += this.name(name) + (look.nameEnd ?? end);
    if (look.lineNumbers) text += this.paint("number", String(number)) + end;
    if (look.byteOffsets) text += this.paint("number", String(offset)) + end;
    return text;
  }

  /** A line that was selected. */
  selected(name: string, number: number, offset: number, line: string): void {
    const { look } = this;
    if (!look.onlyMatching) {
      const shown = look.color && !look.inverted ? this.colored(line) : line;
      this.out.put(this.prefix(name, number, offset, ":") + shown + look.lineEnd);
      return;
    }
    if (look.inverted) return;
    for (const [start, end] of this.matches(line))
      this.out.put(
        this.prefix(name, number, offset + start, ":") + this.paint("match", line.slice(start, end)) + look.lineEnd,
      );
  }

  /** A line around a selected one. */
  context(name: string, number: number, offset: number, line: string): void {
    if (this.look.onlyMatching) return;
    const shown = this.look.color && this.look.inverted ? this.colored(line) : line;
    this.out.put(this.prefix(name, number, offset, "-") + shown + this.look.lineEnd);
  }

  private colored(line: string): string {
    let text = "";
    let done = 0;
    for (const [start, end] of this.matches(line)) {
      text += line.slice(done, start) + this.paint("match", line.slice(start, end));
      done = end;
    }
    return text + line.slice(done);
  }

  private *matches(line: string): Generator<readonly [number, number]> {
    for (let from = 0; from <= line.length; ) {
      const found = this.matcher.find(line, from);
      if (!found) return;
      const [start, end] = found;
      if (end > start) yield found;
      from = end > start ? end : start + 1;
    }
  }
}
