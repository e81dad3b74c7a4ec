import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileRegex } from "../regex/compile.ts";
import { type Pattern, RegexError } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import type { Output } from "../shared/output.ts";
import { formatAwk } from "./format.ts";
import { MainInput } from "./main-input.ts";
import { FieldRecord } from "./record.ts";
import { Streams } from "./streams.ts";
import { type Cell, toNumber, toText, type Value } from "./value.ts";

/** One instruction; a Task where it may have to wait. */
export type Step = (vm: Vm) => Task | undefined;

interface Frame {
  readonly back: number;
  readonly locals: Cell[];
  readonly iterators: number;
}

/** How deep functions may call each other. */
const DEEPEST = 20_000;
/** How many elements all arrays together may get. */
const MOST_ELEMENTS = 2_000_000;
/** The program counter that ends a run. */
export const HALT = -1;

/** Runs a compiled awk program: a stack of values, a stack of calls, the current record. */
export class Vm {
  readonly proc: Process;
  readonly stack: Value[] = [];
  readonly iterators: Iterator<string>[] = [];
  readonly record: FieldRecord;
  readonly patterns = (source: string): Pattern => this.pattern(source);
  code: readonly Step[] = [];
  pc = HALT;
  recordNumber = 0;
  fileRecordNumber = 0;
  recordSeparator = "\n";
  outputSeparator = " ";
  outputEnd = "\n";
  subscriptSeparator = "\x1c";
  readonly streams: Streams;
  readonly input: MainInput;
  /** What names outside functions stand for. */
  readonly globals = new Map<string, Cell>();
  /** Why a run ended. */
  ended: "done" | "next" | "nextfile" | "exit" = "done";
  status = 0;
  inRange: boolean[] = [];
  private readonly frames: Frame[] = [];
  private readonly compiled = new Map<string, Pattern>();
  private conversion = "%.6g";
  private output = "%.6g";
  private elements = 0;

  constructor(proc: Process, out: Output) {
    this.proc = proc;
    this.streams = new Streams(proc, out, this.patterns);
    this.input = new MainInput(this);
    this.record = new FieldRecord(this.patterns, (value) => this.number(value));
  }

  /** Runs from an instruction to the end of its section. */
  *run(start: number): Task {
    this.pc = start;
    this.ended = "done";
    const { code, proc } = this;
    let count = 0;
    while (this.pc >= 0) {
      const task = (code[this.pc++] as Step)(this);
      if (task) yield* task;
      if ((++count & 3) === 0 && proc.tick()) yield undefined;
    }
  }

  global(name: string): Cell {
    let cell = this.globals.get(name);
    if (!cell) {
      cell = { value: undefined, array: undefined };
      this.globals.set(name, cell);
    }
    return cell;
  }

  /** Leaves everything at once: next, exit. */
  leave(why: "next" | "nextfile" | "exit"): void {
    this.ended = why;
    this.pc = HALT;
    this.stack.length = 0;
    this.frames.length = 0;
    this.iterators.length = 0;
  }

  // ---- calls

  enter(start: number, locals: Cell[]): void {
    if (this.frames.length >= DEEPEST) throw new Fail("run time error: function call nesting too deep", 2);
    this.frames.push({ back: this.pc, locals, iterators: this.iterators.length });
    this.pc = start;
  }

  return(): void {
    const frame = this.frames.pop();
    this.pc = frame?.back ?? HALT;
    if (frame) this.iterators.length = frame.iterators;
  }

  local(index: number): Cell {
    return this.frames.at(-1)?.locals[index] as Cell;
  }

  // ---- values

  /** The text of a value where CONVFMT rules. */
  text(value: Value): string {
    return typeof value === "string" ? value : toText(value, (number) => this.number(number));
  }

  /** The text of a value that is printed: by OFMT. */
  printed(value: Value): string {
    return typeof value === "string" ? value : toText(value, (number) => formatAwk(this.output, [number], this));
  }

  private number(value: number): string {
    return formatAwk(this.conversion, [value], this);
  }

  setFormat(which: "CONVFMT" | "OFMT", format: string): void {
    if (which === "CONVFMT") this.conversion = format;
    else this.output = format;
  }

  popText(): string {
    return this.text(this.stack.pop());
  }

  popNumber(): number {
    return toNumber(this.stack.pop());
  }

  concatenate(left: string, right: string): string {
    if (left.length + right.length > LINE_LIMIT) throw new Fail("out of memory", 2);
    return left + right;
  }

  // ---- arrays

  array(cell: Cell, name: string): Map<string, Value> {
    if (cell.array) return cell.array;
    if (cell.from) cell.array = this.array(cell.from, name);
    else {
      if (cell.value !== undefined) throw new Fail(`run time error: can't use scalar ${name} as array`, 2);
      cell.array = new Map();
    }
    return cell.array;
  }

  setElement(array: Map<string, Value>, key: string, value: Value): void {
    if (!array.has(key) && ++this.elements > MOST_ELEMENTS) throw new Fail("out of memory", 2);
    array.set(key, value);
  }

  /** A reference makes an element, also when it is only read. */
  element(array: Map<string, Value>, key: string): Value {
    const value = array.get(key);
    if (value === undefined && !array.has(key)) this.setElement(array, key, undefined);
    return value;
  }

  forget(count: number): void {
    this.elements -= count;
  }

  // ---- regular expressions

  pattern(source: string): Pattern {
    const known = this.compiled.get(source);
    if (known) return known;
    if (this.compiled.size > 500) this.compiled.clear();
    try {
      const pattern = compileRegex(source, { extended: true, escapes: "awk" });
      this.compiled.set(source, pattern);
      return pattern;
    } catch (error) {
      if (error instanceof RegexError)
        throw new Fail(`run time error: regular expression compile failed (${error.message})\n${source}`, 2);
      throw error;
    }
  }
}
