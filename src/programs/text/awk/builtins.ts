import { MILLISECOND, SECOND } from "../../../base/clock.ts";
import { formatTime } from "../../../base/format-time.ts";
import { Random } from "../../../base/random.ts";
import type { Task } from "../../../machine/define.ts";
import { formatAwk } from "./format.ts";
import { toNumber, type Value } from "./value.ts";
import type { Vm } from "./vm.ts";

interface Builtin {
  readonly least: number;
  readonly most: number;
  /** A Task pushes its result by itself. */
  readonly run: (vm: Vm, args: readonly Value[]) => Value | Task;
}

const chance = new WeakMap<Vm, { random: Random; seed: number }>();

function chanceOf(vm: Vm): { random: Random; seed: number } {
  let known = chance.get(vm);
  if (!known) {
    const seed = vm.proc.machine.kernel.random.next32();
    known = { random: new Random(seed), seed };
    chance.set(vm, known);
  }
  return known;
}

function* waited(vm: Vm, task: Task<number>): Task {
  vm.stack.push(yield* task);
}

function* flushed(vm: Vm): Task {
  yield* vm.streams.flush();
  vm.stack.push(0);
}

function mathematical(run: (x: number) => number): Builtin {
  return { least: 1, most: 1, run: (_vm, [x]) => run(toNumber(x)) };
}

function bitwise(run: (a: bigint, b: bigint) => bigint): Builtin {
  return {
    least: 2,
    most: 2,
    run: (_vm, [a, b]) => Number(run(BigInt(Math.trunc(toNumber(a))), BigInt(Math.trunc(toNumber(b))))),
  };
}

function substring(vm: Vm, [value, start, length]: readonly Value[]): string {
  const text = vm.text(value);
  const from = rounded(toNumber(start));
  const to = length === undefined ? Number.POSITIVE_INFINITY : from + rounded(toNumber(length));
  if (Number.isNaN(from) || Number.isNaN(to)) return "";
  const [first, last] = [Math.max(0, from - 1), Math.max(0, to - 1)];
  return isPlain(text) ? text.slice(first, last) : [...text].slice(first, last).join("");
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0xd800) return false;
  return true;
}

/** Half to even, as awk's substr rounds its numbers. */
function rounded(value: number): number {
  const whole = Math.floor(value);
  if (value - whole === 0.5) return whole % 2 === 0 ? whole : whole + 1;
  return Math.round(value);
}

function seconds(vm: Vm): number {
  return Math.floor(vm.proc.machine.kernel.clock.now / (MILLISECOND * 1000));
}

function reseed(vm: Vm, [seed]: readonly Value[]): number {
  const before = chanceOf(vm).seed;
  const next = seed === undefined ? seconds(vm) : toNumber(seed);
  chance.set(vm, { random: new Random(next), seed: next });
  return before;
}

function ascii(text: string, from: RegExp, change: (letter: string) => string): string {
  return text.replace(from, change);
}

/** awk's own functions that take plain values. */
export const builtins: Readonly<Record<string, Builtin>> = {
  substr: { least: 2, most: 3, run: substring },
  index: { least: 2, most: 2, run: (vm, [text, part]) => vm.text(text).indexOf(vm.text(part)) + 1 },
  sprintf: { least: 1, most: 1000, run: (vm, [format, ...args]) => formatAwk(vm.text(format), args, vm) },
  tolower: {
    least: 1,
    most: 1,
    run: (vm, [text]) => ascii(vm.text(text), /[A-Z]+/g, (letters) => letters.toLowerCase()),
  },
  toupper: {
    least: 1,
    most: 1,
    run: (vm, [text]) => ascii(vm.text(text), /[a-z]+/g, (letters) => letters.toUpperCase()),
  },
  sin: mathematical(Math.sin),
  cos: mathematical(Math.cos),
  exp: mathematical(Math.exp),
  log: mathematical(Math.log),
  sqrt: mathematical(Math.sqrt),
  int: mathematical(Math.trunc),
  compl: mathematical((x) => 2 ** 53 - 1 - Math.trunc(x)),
  atan2: { least: 2, most: 2, run: (_vm, [y, x]) => Math.atan2(toNumber(y), toNumber(x)) },
  and: bitwise((a, b) => a & b),
  or: bitwise((a, b) => a | b),
  xor: bitwise((a, b) => a ^ b),
  lshift: bitwise((a, b) => BigInt.asUintN(53, a << (b < 0n || b > 63n ? 63n : b))),
  rshift: bitwise((a, b) => a >> (b < 0n || b > 63n ? 63n : b)),
  strtonum: { least: 1, most: 1, run: (vm, [text]) => strtonum(vm.text(text)) },
  rand: { least: 0, most: 0, run: (vm) => chanceOf(vm).random.fraction() },
  srand: { least: 0, most: 1, run: reseed },
  systime: { least: 0, most: 0, run: seconds },
  strftime: {
    least: 0,
    most: 3,
    run: (vm, [format = "%c", at]) =>
      formatTime(vm.text(format), at === undefined ? seconds(vm) * SECOND : toNumber(at) * SECOND),
  },
  system: { least: 1, most: 1, run: (vm, [command]) => waited(vm, vm.streams.system(vm.text(command))) },
  close: { least: 1, most: 2, run: (vm, [name]) => waited(vm, vm.streams.close(vm.text(name))) },
  fflush: { least: 0, most: 1, run: (vm) => flushed(vm) },
};

function strtonum(text: string): number {
  const trimmed = text.trim();
  if (/^0[xX]/.test(trimmed)) return Number.parseInt(trimmed, 16) || 0;
  if (/^0[0-7]+$/.test(trimmed)) return Number.parseInt(trimmed, 8);
  return toNumber(trimmed);
}
