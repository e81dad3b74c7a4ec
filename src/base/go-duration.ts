import { MILLISECOND, type Micros, SECOND } from "./clock.ts";
import { FormatError } from "./format-error.ts";
import { goQuote } from "./go-text.ts";

/** The units of Go's time.ParseDuration, in microseconds. */
const units: ReadonlyMap<string, number> = new Map([
  ["ns", 0.001],
  ["us", 1],
  ["\u00b5s", 1],
  ["\u03bcs", 1],
  ["ms", MILLISECOND],
  ["s", SECOND],
  ["m", 60 * SECOND],
  ["h", 3600 * SECOND],
]);

/** The longest duration that Go's int64 of nanoseconds holds, in microseconds. */
const LONGEST = 9_223_372_036 * SECOND;

/** Reads a Go duration (`1m30s`) into microseconds; throws a FormatError with Go's words. Nanoseconds are fractions. */
export function parseGoDuration(text: string): Micros {
  const invalid = (): FormatError => new FormatError(`time: invalid duration ${goQuote(text)}`);
  const sign = text[0] === "-" ? -1 : 1;
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return 0;
  if (rest === "") throw invalid();
  let total = 0;
  while (rest !== "") {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw invalid();
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? "";
    if (unit === "") throw new FormatError(`time: missing unit in duration ${goQuote(text)}`);
    const size = units.get(unit);
    if (size === undefined) {
      throw new FormatError(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    }
    total += Number(number) * size;
    rest = rest.slice(unit.length);
    if (total > LONGEST) throw invalid();
  }
  // Thousandths of a microsecond are as fine as Go's durations get.
  return (sign * Math.round(total * 1000)) / 1000;
}

/** Prints a duration as Go does: `1m30s`, `1.5s`, `100ms`, `0s`. */
export function goDuration(span: Micros): string {
  const size = Math.abs(span);
  const sign = span < 0 ? "-" : "";
  if (size === 0) return "0s";
  if (size < 1) return `${sign}${decimal(size * 1000)}ns`;
  if (size < MILLISECOND) return `${sign}${decimal(size)}\u00b5s`;
  if (size < SECOND) return `${sign}${decimal(size / MILLISECOND)}ms`;
  const hours = Math.floor(size / (3600 * SECOND));
  const minutes = Math.floor(size / (60 * SECOND)) % 60;
  const seconds = `${decimal((size % (60 * SECOND)) / SECOND)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : sign + seconds;
}

function decimal(value: number): string {
  const text = value.toFixed(9);
  return text.replace(/\.?0+$/, "");
}
