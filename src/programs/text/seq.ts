import type { Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { formatFloat } from "./shared/format-number.ts";
import { formatPrintf } from "./shared/printf-format.ts";
import { quote } from "./shared/quote.ts";

/** seq: numbers from first to last. */
export const seq = tool({
  name: "seq",
  usage: "[OPTION]... LAST",
  options: "+ f,format= s,separator= w,equal-width",
  rewrite: (argv) => {
    // A negative number is no option.
    let at = 0;
    while (/^-[^\d.-]|^--./.test(argv[at] ?? "")) at += /^-[sf]$/.test(argv[at] ?? "") ? 2 : 1;
    return /^-[\d.]/.test(argv[at] ?? "") ? [...argv.slice(0, at), "--", ...argv.slice(at)] : argv;
  },
  *run(call) {
    const words = call.operands;
    if (words.length === 0) throw call.misuse("missing operand");
    if (words.length > 3) throw call.misuse(`extra operand ${quote(words[3] ?? "")}`);
    const numbers = words.map((word) => parse(call, word));
    const [first, step, last] =
      words.length === 1 ? [one, one, numbers[0]] : words.length === 2 ? [numbers[0], one, numbers[1]] : numbers;
    if (!first || !step || !last) return 1;
    if (step.value === 0) throw call.misuse(`invalid Zero increment value: ${quote(words[1] ?? "0")}`);
    yield* print(call, first, step, last);
    return undefined;
  },
});

interface Parsed {
  readonly value: number;
  /** Digits after the point. */
  readonly precision: number;
  readonly text: string;
}
const one: Parsed = { value: 1, precision: 0, text: "1" };

function parse(call: Call, text: string): Parsed {
  const found = /^\s*[-+]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([-+]?\d+))?$/.exec(text);
  if (!found) throw call.misuse(`invalid floating point argument: ${quote(text)}`);
  const digits = (found[1] ?? found[2] ?? "").length - Number(found[3] ?? 0);
  return { value: Number(text), precision: Math.max(0, digits), text };
}

function* print(call: Call, first: Parsed, step: Parsed, last: Parsed): Task {
  const precision = Math.max(first.precision, step.precision);
  const separator = call.value("s") ?? "\n";
  const format = formatOf(call, first, step, last, precision);
  let any = false;
  // A little more than the last, because tenths are not exact in binary.
  const slack = precision > 0 ? Math.abs(step.value) * 1e-9 : 0;
  for (let count = 0; ; count++) {
    const value = first.value + count * step.value;
    if (step.value > 0 ? value > last.value + slack : value < last.value - slack) break;
    call.out.put((any ? separator : "") + format(value));
    any = true;
    if (call.proc.tick()) yield undefined;
    if (call.out.full) yield* call.out.flush();
  }
  if (any) call.out.put("\n");
}

function formatOf(call: Call, first: Parsed, step: Parsed, last: Parsed, precision: number): (value: number) => string {
  const given = call.value("f");
  if (given !== undefined) {
    if (!/^(?:[^%]|%%)*%[-+ #0']*\d*(?:\.\d*)?[eEfFgGaA](?:[^%]|%%)*$/.test(given))
      throw new Fail(
        given.replace(/%%/g, "").includes("%")
          ? `format ${quote(given)} has unknown %${/%[-+ #0']*\d*(?:\.\d*)?(.)/.exec(given)?.[1] ?? ""} directive`
          : `format ${quote(given)} has no % directive`,
        1,
      );
    return (value) => formatPrintf(given, [String(value)]).text;
  }
  const plain = (value: number) =>
    precision === 0 && Math.abs(value) < 1e15 ? String(value === 0 ? 0 : value) : formatFloat(value, "f", precision);
  if (!call.has("w")) return plain;
  const end = first.value + Math.floor((last.value - first.value) / step.value + 1e-9) * step.value;
  const width = Math.max(plain(first.value).length, plain(end).length);
  return (value) => {
    const text = plain(value);
    return text.startsWith("-") ? `-${text.slice(1).padStart(width - 1, "0")}` : text.padStart(width, "0");
  };
}
