import type { Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { compareBytes } from "./shared/byte-order.ts";
import type { Input } from "./shared/input.ts";
import { quote } from "./shared/quote.ts";

interface Line {
  readonly text: string;
  readonly fields: readonly string[];
  readonly key: string;
}

/** join: lines of two sorted files that have a field in common. */
export const join = tool({
  name: "join",
  usage: "[OPTION]... FILE1 FILE2",
  options: "1= 2= a= check-order e= header i,ignore-case j= nocheck-order o= t= v= z,zero-terminated",
  *run(call) {
    const [left, right, extra] = call.operands;
    if (left === undefined) throw call.misuse("missing operand");
    if (right === undefined) throw call.misuse(`missing operand after ${quote(left)}`);
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const separator = call.value("t");
    if (separator !== undefined && [...separator].length > 1 && separator !== "\\0")
      throw new Fail(`multi-character tab ${quote(separator)}`);
    yield* new Joiner(call, [left, right]).run();
    return undefined;
  },
});

/** A file of the two, read one line ahead. */
class Side {
  readonly number: 1 | 2;
  readonly name: string;
  private readonly input: Input;
  private readonly joiner: Joiner;
  line: Line | undefined;
  private count = 0;
  unsorted = false;

  constructor(joiner: Joiner, number: 1 | 2, name: string) {
    this.joiner = joiner;
    this.number = number;
    this.name = name;
    this.input = joiner.call.openOrFail(name, joiner.call.has("z") ? "\0" : "\n");
  }

  *next(checked = true): Task<Line | undefined> {
    const { joiner } = this;
    const text = yield* this.input.line();
    const before = this.line;
    this.line = text === undefined ? undefined : joiner.lineOf(text, this.number);
    this.count++;
    if (checked && before && this.line && joiner.compare(before, this.line) > 0) yield* this.complain();
    return this.line;
  }

  /** Said once, and only where it matters: when lines without a partner were seen, or with --check-order. */
  private *complain(): Task {
    const { call } = this.joiner;
    if (this.unsorted || call.has("nocheck-order") || !(this.joiner.unpaired || call.has("check-order"))) return;
    this.unsorted = true;
    const text = `${this.name}:${this.count}: is not sorted: ${this.line?.text}`;
    if (call.has("check-order")) throw new Fail(text);
    yield* call.warn(text);
  }
}

class Joiner {
  readonly call: Call;
  unpaired = false;
  private readonly sides: readonly [Side, Side];
  private readonly keys: readonly [number, number];
  private readonly separator: string | undefined;
  private readonly form: readonly (readonly [side: 0 | 1 | 2, field: number])[] | undefined;
  private auto: readonly [number, number] | undefined;

  constructor(call: Call, names: readonly [string, string]) {
    this.call = call;
    const field = (key: string) => {
      const text = call.value(key) ?? call.value("j") ?? "1";
      if (!/^[1-9]\d*$/.test(text)) throw new Fail(`invalid field number: ${quote(text)}`);
      return Number(text) - 1;
    };
    this.keys = [field("1"), field("2")];
    this.separator = call.value("t");
    const form = call.value("o");
    this.form = form === undefined || form === "auto" ? undefined : form.split(/[, \t]+/).map(partOf);
    this.sides = [new Side(this, 1, names[0]), new Side(this, 2, names[1])];
  }

  lineOf(text: string, side: 1 | 2): Line {
    const { separator } = this;
    const fields =
      separator === undefined
        ? text.replace(/^[ \t\n]+/, "").split(/[ \t\n]+/)
        : separator === ""
          ? [text]
          : text.split(separator);
    const key = fields[this.keys[side - 1] ?? 0] ?? "";
    return { text, fields, key: this.call.has("i") ? key.toLowerCase() : key };
  }

  compare(a: Line, b: Line): number {
    return compareBytes(a.key, b.key);
  }

  *run(): Task {
    const { call } = this;
    const [left, right] = this.sides;
    yield* left.next();
    yield* right.next();
    if (call.value("o") === "auto") this.auto = [left.line?.fields.length ?? 0, right.line?.fields.length ?? 0];
    if (call.has("header") && (left.line || right.line)) {
      this.put(left.line, right.line);
      yield* left.next(false);
      yield* right.next(false);
    }
    while (left.line && right.line) {
      const order = this.compare(left.line, right.line);
      if (order < 0) yield* this.alone(left);
      else if (order > 0) yield* this.alone(right);
      else yield* this.pairs(left, right);
    }
    while (left.line) yield* this.alone(left);
    while (right.line) yield* this.alone(right);
    if (left.unsorted || right.unsorted) throw new Fail("input is not in sorted order");
  }

  private *alone(side: Side): Task {
    this.unpaired = true;
    const wanted = this.call.given.some(
      ({ key, value }) => (key === "a" || key === "v") && value === String(side.number),
    );
    if (wanted) this.put(side.number === 1 ? side.line : undefined, side.number === 2 ? side.line : undefined);
    yield* side.next();
  }

  /** All lines of one side with a key, beside all of the other. */
  private *pairs(left: Side, right: Side): Task {
    const [a, b] = [yield* same(left), yield* same(right)];
    if (this.call.has("v")) return;
    for (const one of a) for (const other of b) this.put(one, other);
  }

  private put(left: Line | undefined, right: Line | undefined): void {
    const { call } = this;
    const empty = call.value("e") ?? "";
    const fieldOf = (line: Line | undefined, at: number) => line?.fields[at] || empty;
    const key = () => (left ? fieldOf(left, this.keys[0]) : fieldOf(right, this.keys[1]));
    let parts: string[];
    if (this.form) parts = this.form.map(([side, at]) => (side === 0 ? key() : fieldOf(side === 1 ? left : right, at)));
    else {
      const rest = (line: Line | undefined, side: 0 | 1) => {
        const count = this.auto?.[side] ?? line?.fields.length ?? 0;
        return Array.from({ length: count }, (_, at) => fieldOf(line, at)).filter((_, at) => at !== this.keys[side]);
      };
      parts = [key(), ...rest(left, 0), ...rest(right, 1)];
    }
    call.out.put(parts.join(this.separator || " ") + (call.has("z") ? "\0" : "\n"));
  }
}

function* same(side: Side): Task<Line[]> {
  const lines: Line[] = [];
  const key = side.line?.key;
  while (side.line && side.line.key === key) {
    lines.push(side.line);
    yield* side.next();
  }
  return lines;
}

/** 0 is the join field, 1.2 the second field of the first file. */
function partOf(text: string): readonly [0 | 1 | 2, number] {
  if (text === "0") return [0, 0];
  const found = /^([12])\.([1-9]\d*)$/.exec(text);
  if (!found && /^[^0-2]/.test(text)) throw new Fail(`invalid file number in field spec: ${quote(text)}`);
  if (!found) throw new Fail(`invalid field specifier: ${quote(text)}`);
  return [found[1] === "1" ? 1 : 2, Number(found[2]) - 1];
}
