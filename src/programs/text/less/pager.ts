import type { Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { compileRegex } from "../regex/compile.ts";
import { type Pattern, RegexError } from "../regex/define.ts";
import type { Input } from "../shared/input.ts";

/** Shows a text page by page and does what the keys say. */
export class Pager {
  private readonly call: Call;
  private readonly input: Input;
  private readonly name: string;
  private readonly keys: number;
  /** Rows as the screen shows them: long lines are broken, unless they are cut (-S). */
  private readonly rows: string[] = [];
  private ended = false;
  private top = 0;
  private message: string;
  private pattern: Pattern | undefined;
  private backwards = false;
  private left = "";

  constructor(call: Call, input: Input, name: string, keys: number) {
    this.call = call;
    this.input = input;
    this.name = name;
    this.keys = keys;
    this.message = name;
  }

  *run(): Task {
    for (;;) {
      yield* this.fill(this.top + this.height);
      yield* this.draw();
      const key = yield* this.key();
      if (key === undefined || key === "q" || key === "Q" || key === "\x03") return;
      yield* this.act(key);
    }
  }

  private get height(): number {
    return Math.max(2, (this.call.proc.terminal?.rows ?? 24) - 1);
  }

  private get width(): number {
    return this.call.proc.terminal?.columns ?? 80;
  }

  /** Reads until there are so many rows. */
  private *fill(wanted: number): Task {
    while (!this.ended && this.rows.length < wanted) {
      const line = yield* this.input.line();
      if (line === undefined) {
        this.ended = true;
        return;
      }
      this.rows.push(...this.broken(line));
    }
  }

  private broken(line: string): string[] {
    const number = this.call.has("N") ? `${String(this.rows.length + 1).padStart(7)} ` : "";
    let text = "";
    for (const character of line)
      text +=
        character === "\t"
          ? " ".repeat(8 - (text.length % 8))
          : visible(character, this.call.has("R") || this.call.has("r"));
    const whole = number + text;
    if (this.call.has("S") || whole.length <= this.width)
      return [whole.slice(0, this.call.has("R") ? undefined : this.width)];
    const parts: string[] = [];
    for (let at = 0; at < whole.length; at += this.width) parts.push(whole.slice(at, at + this.width));
    return parts;
  }

  private *draw(): Task {
    const shown = this.rows.slice(this.top, this.top + this.height).map((row) => this.marked(row));
    while (shown.length < this.height) shown.push("~");
    const atEnd = this.ended && this.top + this.height >= this.rows.length;
    const prompt =
      this.message !== ""
        ? `\x1b[7m${this.message}${atEnd && this.message === this.name ? " (END)" : ""}\x1b[27m`
        : atEnd
          ? "\x1b[7m(END)\x1b[27m"
          : ":";
    this.message = "";
    this.call.out.put(`\x1b[H${shown.map((row) => `${row}\x1b[K`).join("\r\n")}\r\n${prompt}\x1b[K`);
    yield* this.call.out.flush();
  }

  private marked(row: string): string {
    const [start = 0, end = 0] = this.pattern?.exec(row) ?? [];
    return end > start ? `${row.slice(0, start)}\x1b[7m${row.slice(start, end)}\x1b[27m${row.slice(end)}` : row;
  }

  private *key(): Task<string | undefined> {
    if (this.left === "") this.left = (yield* this.call.proc.read(this.keys, 64)) ?? "";
    if (this.left === "") return undefined;
    const sequence = /^\x1b(?:\[|O)[0-9;]*[A-Za-z~]/.exec(this.left)?.[0] ?? this.left.slice(0, 1);
    this.left = this.left.slice(sequence.length);
    return sequence;
  }

  private *act(key: string): Task {
    const page = this.height;
    switch (key) {
      case " ":
      case "f":
      case "\x06":
      case "\x1b[6~":
        return yield* this.move(page);
      case "b":
      case "\x02":
      case "\x1b[5~":
        return yield* this.move(-page);
      case "d":
      case "\x04":
        return yield* this.move(page >> 1);
      case "u":
      case "\x15":
        return yield* this.move(-(page >> 1));
      case "j":
      case "\r":
      case "\n":
      case "\x1b[B":
      case "\x1bOB":
        return yield* this.move(1);
      case "k":
      case "y":
      case "\x1b[A":
      case "\x1bOA":
        return yield* this.move(-1);
      case "g":
      case "<":
      case "\x1b[H":
        this.top = 0;
        return;
      case "G":
      case ">":
      case "\x1b[F":
        yield* this.fill(Number.POSITIVE_INFINITY);
        this.top = Math.max(0, this.rows.length - page);
        return;
      case "/":
      case "?":
        return yield* this.search(key);
      case "n":
        return yield* this.again(this.backwards);
      case "N":
        return yield* this.again(!this.backwards);
    }
  }

  private *move(by: number): Task {
    yield* this.fill(this.top + by + this.height);
    this.top = Math.max(0, Math.min(this.top + by, Math.max(0, this.rows.length - this.height)));
  }

  private *search(sign: string): Task {
    let text = "";
    for (;;) {
      yield* this.call.proc.write(1, `\r\x1b[K${sign}${text}`);
      const key = yield* this.key();
      if (key === undefined || key === "\x1b" || key === "\x03") return;
      if (key === "\r" || key === "\n") break;
      if (key === "\x7f" || key === "\b") {
        if (text === "") return;
        text = text.slice(0, -1);
      } else text += key;
    }
    this.backwards = sign === "?";
    try {
      if (text !== "")
        this.pattern = compileRegex(text, { extended: true, ignoreCase: this.call.has("i") || this.call.has("I") });
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      this.message = error.message;
      return;
    }
    yield* this.again(this.backwards);
  }

  private *again(backwards: boolean): Task {
    const { pattern } = this;
    if (!pattern) {
      this.message = "No previous regular expression";
      return;
    }
    const step = backwards ? -1 : 1;
    let at = this.top;
    while (at + step >= 0) {
      at += step;
      yield* this.fill(at + this.height);
      const row = this.rows[at];
      if (row === undefined) break;
      if (this.call.proc.tick()) yield undefined;
      if (!pattern.test(row)) continue;
      this.top = at;
      return;
    }
    this.message = "Pattern not found";
  }
}

function visible(character: string, raw: boolean): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 27) return raw ? character : "ESC";
  if (code < 32) return `^${String.fromCharCode(code + 64)}`;
  return code === 127 ? "^?" : character;
}
