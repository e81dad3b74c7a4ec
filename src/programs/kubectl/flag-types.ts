import type { Micros } from "../../base/clock.ts";
import { FormatError } from "../../base/format-error.ts";
import { goDuration, parseGoDuration } from "../../base/go-duration.ts";
import { goQuote } from "../../base/go-text.ts";
import { readCsv } from "./csv.ts";
import type { Completer, Flag } from "./define.ts";

/** What most flags may say beside their text. */
interface Extra<T> {
  readonly short?: string;
  readonly initial?: T;
  readonly bare?: string;
  readonly hidden?: boolean;
  readonly deprecated?: string;
  readonly complete?: Completer;
}

type Extras<T> = Extra<T> | undefined;

function extras({ short, bare, hidden, deprecated, complete }: Extra<never>): Partial<Flag<never>> {
  return { short, bare, hidden, deprecated, complete };
}

const rest = <T>(extra: Extras<T>) => extras((extra ?? {}) as Extra<never>) as object;

const yes = ["1", "t", "T", "true", "TRUE", "True"];
const no = ["0", "f", "F", "false", "FALSE", "False"];

/** --watch, --watch=false */
export function boolFlag(text: string, extra?: Extra<boolean>): Flag<boolean> {
  const initial = extra?.initial ?? false;
  return {
    ...rest(extra),
    type: "bool",
    initial,
    bare: "true",
    text,
    shown: String(initial),
    set(value) {
      if (!yes.includes(value) && !no.includes(value)) throw parseFault("ParseBool", value, "invalid syntax");
      return yes.includes(value);
    },
  };
}

/** --output=wide */
export function textFlag(text: string, extra?: Extra<string>): Flag<string> {
  const initial = extra?.initial ?? "";
  return { ...rest(extra), type: "string", initial, text, shown: `'${initial}'`, set: (value) => value };
}

/** A number of pflag's type int or int64. */
export function intFlag(text: string, extra?: Extra<number>): Flag<number> {
  return numberFlag("int", 63n, text, extra);
}

export function int32Flag(text: string, extra?: Extra<number>): Flag<number> {
  return numberFlag("int32", 31n, text, extra);
}

function numberFlag(type: string, bits: bigint, text: string, extra: Extras<number>): Flag<number> {
  const initial = extra?.initial ?? 0;
  return { ...rest(extra), type, initial, text, shown: String(initial), set: (value) => goInteger(value, bits) };
}

/** strconv.ParseInt with base 0. */
function goInteger(text: string, bits: bigint): number {
  const found = /^([+-]?)(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[1-9][\d_]*|0)$/.exec(text);
  if (!found?.[2] || /__|_$/.test(text)) throw parseFault("ParseInt", text, "invalid syntax");
  const digits = found[2].replaceAll("_", "");
  const whole = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = found[1] === "-" ? -whole : whole;
  if (value >= 1n << bits || value < -(1n << bits)) throw parseFault("ParseInt", text, "value out of range");
  return Number(value);
}

function parseFault(call: string, text: string, why: string): FormatError {
  return new FormatError(`strconv.${call}: parsing ${goQuote(text)}: ${why}`);
}

/** --timeout=30s; the value is in microseconds. */
export function durationFlag(text: string, extra?: Extra<Micros>): Flag<Micros> {
  const initial = extra?.initial ?? 0;
  return { ...rest(extra), type: "duration", initial, text, shown: goDuration(initial), set: parseGoDuration };
}

/** A flag that may be given several times, each value taken as it is (stringArray). */
export function listFlag(text: string, extra?: Extra<readonly string[]>): Flag<readonly string[]> {
  const initial = extra?.initial ?? [];
  return {
    ...rest(extra),
    type: "stringArray",
    initial,
    text,
    shown: `[${initial.join(",")}]`,
    set: (value, before, first) => (first ? [value] : [...before, value]),
  };
}

/** A flag of values with commas between them, also given several times (stringSlice). */
export function csvFlag(text: string, extra?: Extra<readonly string[]>): Flag<readonly string[]> {
  const initial = extra?.initial ?? [];
  return {
    ...rest(extra),
    type: "strings",
    initial,
    text,
    shown: `[${initial.join(",")}]`,
    set: (value, before, first) => (first ? readCsv(value) : [...before, ...readCsv(value)]),
  };
}

/** --x=a=1,b=2 (stringToString) */
export function mapFlag(text: string, extra?: Extra<never>): Flag<Readonly<Record<string, string>>> {
  return {
    ...rest(extra),
    type: "stringToString",
    initial: {},
    text,
    shown: "[]",
    set(value, before, first) {
      const pairs = readCsv(value).map((pair) => {
        const at = pair.indexOf("=");
        if (at < 0) throw new FormatError(`${pair} must be formatted as key=value`);
        return [pair.slice(0, at), pair.slice(at + 1)] as const;
      });
      return { ...(first ? {} : before), ...Object.fromEntries(pairs) };
    },
  };
}

/** --x=a=1,b=2 as Kubernetes' own flag type reads it (mapStringString): without quotes, blanks around words dropped. */
export function pairsFlag(text: string): Flag<Readonly<Record<string, string>>> {
  return {
    type: "mapStringString",
    initial: {},
    text,
    shown: "",
    set(value, before, first) {
      const pairs = value
        .split(",")
        .filter((pair) => pair !== "")
        .map((pair) => {
          const at = pair.indexOf("=");
          if (at < 0) throw new FormatError("malformed pair, expect string=string");
          return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
        });
      return { ...(first ? {} : before), ...Object.fromEntries(pairs) };
    },
  };
}
