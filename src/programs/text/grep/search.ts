import { byteLength } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import type { Input } from "../shared/input.ts";
import type { Matcher } from "./matcher.ts";
import type { Printer } from "./printer.ts";

export interface Limits {
  readonly before: number;
  readonly after: number;
  /** Groups of lines are parted by --. */
  readonly separators: boolean;
  readonly most: number;
  readonly inverted: boolean;
  /** lines, c (counts), l and L (names), nothing. */
  readonly show: string;
  readonly text: boolean;
  readonly skipBinary: boolean;
}

interface Seen {
  readonly number: number;
  readonly offset: number;
  readonly line: string;
}

/** Searches one input after the other. */
export class Search {
  found = false;
  private printed = false;
  private readonly call: Call;
  private readonly printer: Printer;
  private readonly matcher: Matcher;
  private readonly matchesNothing: boolean;
  private readonly limits: Limits;

  constructor(call: Call, printer: Printer, matcher: Matcher, matchesNothing: boolean, limits: Limits) {
    this.call = call;
    this.printer = printer;
    this.matcher = matcher;
    this.matchesNothing = matchesNothing;
    this.limits = limits;
  }

  *run(input: Input, name: string): Task {
    const { limits } = this;
    const count = yield* this.lines(input, name);
    if (count > 0 !== (limits.show === "L")) this.found = true;
    const { out } = this.call;
    const end = this.call.has("Z") ? "\0" : "\n";
    if (limits.show === "c")
      out.put(
        `${this.names ? `${this.printer.name(name)}${this.call.has("Z") ? "\0" : this.printer.paint("separator", ":")}` : ""}${count}\n`,
      );
    else if ((limits.show === "l" && count > 0) || (limits.show === "L" && count === 0))
      out.put(this.printer.name(name) + end);
    if (out.full) yield* out.flush();
  }

  private get names(): boolean {
    return this.printer.showsNames;
  }

  /** Returns how many lines were selected. */
  private *lines(input: Input, name: string): Task<number> {
    const { limits } = this;
    const shows = limits.show === "lines";
    const before: Seen[] = [];
    let [number, offset, count, after, lastShown] = [0, 0, 0, 0, 0];
    while (count < limits.most || after > 0) {
      const line = yield* input.line();
      if (line === undefined) break;
      number++;
      const at = offset;
      if (this.call.has("b")) offset += byteLength(line) + 1;
      const selected = count < limits.most && this.test(line) !== limits.inverted;
      if (!selected) {
        if (after > 0) {
          after--;
          lastShown = number;
          this.printer.context(name, number, at, line);
        } else if (limits.before > 0 && shows) {
          before.push({ number, offset: at, line });
          if (before.length > limits.before) before.shift();
        }
        continue;
      }
      count++;
      if (!shows) continue;
      if (!limits.text && isBinary(line)) {
        if (limits.skipBinary) return 0;
        yield* this.call.warn(`${name}: binary file matches`, 0);
        return count;
      }
      const first = before[0]?.number ?? number;
      if (limits.separators && this.printed && (lastShown === 0 || first > lastShown + 1)) this.printer.separator();
      for (const seen of before) this.printer.context(name, seen.number, seen.offset, seen.line);
      before.length = 0;
      this.printer.selected(name, number, at, line);
      this.printed = true;
      lastShown = number;
      after = limits.after;
    }
    return count;
  }

  private test(line: string): boolean {
    return !this.matchesNothing && this.matcher.test(line);
  }
}

/** A NUL or a byte that is no UTF-8 makes a file binary. */
function isBinary(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 0) return true;
    if (code < 0xd800 || code > 0xdfff) continue;
    if (code >= 0xdc00) return true;
    i++;
  }
  return false;
}
