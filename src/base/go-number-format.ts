import { goFloat } from "./go-text.ts";

/** The flags, width and precision of one verb of Go's fmt. */
export interface GoVerb {
  readonly verb: string;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Pads to the width of the verb. */
export function padded(text: string, verb: GoVerb): string {
  const missing = (verb.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  return verb.minus ? text + " ".repeat(missing) : (verb.zero ? "0" : " ").repeat(missing) + text;
}

function signed(negative: boolean, digits: string, verb: GoVerb): string {
  const sign = negative ? "-" : verb.plus ? "+" : verb.space ? " " : "";
  if (verb.zero && !verb.minus && verb.width !== undefined)
    return sign + digits.padStart(verb.width - sign.length, "0");
  return padded(sign + digits, { ...verb, zero: false });
}

const bases: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** A whole number by a verb; undefined if the verb is not for whole numbers. */
export function formatInteger(value: bigint, verb: GoVerb): string | undefined {
  const base = bases[verb.verb];
  if (base === undefined) return undefined;
  let digits = (value < 0n ? -value : value).toString(base);
  if (verb.precision !== undefined) {
    digits = verb.precision === 0 && value === 0n ? "" : digits.padStart(verb.precision, "0");
  }
  if (verb.verb === "O") digits = `0o${digits}`;
  else if (verb.sharp && verb.verb !== "d" && verb.verb !== "v")
    digits = `${{ 2: "0b", 8: "0", 16: "0x" }[base]}${digits}`;
  if (verb.verb === "X") digits = digits.toUpperCase();
  return signed(value < 0n, digits, verb.precision === undefined ? verb : { ...verb, zero: false });
}

/** A float by a verb; undefined if the verb is not for floats. */
export function formatFloat(value: number, verb: GoVerb): string | undefined {
  if (!"vgGeEfF".includes(verb.verb)) return undefined;
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "NaN" : "Inf";
    const plus = value > 0 && (verb.plus || text === "Inf") ? "+" : "";
    return padded((value < 0 ? "-" : plus) + text, { ...verb, zero: false });
  }
  const size = Math.abs(value);
  const negative = value < 0 || Object.is(value, -0);
  return signed(negative, digitsOf(size, verb), verb);
}

function digitsOf(size: number, { verb, precision }: GoVerb): string {
  if (verb === "f" || verb === "F") return fixed(size, precision ?? 6);
  if (verb === "e" || verb === "E") return caseOf(exponential(size, precision ?? 6), verb);
  if (precision === undefined) return caseOf(goFloat(size), verb);
  return caseOf(general(size, Math.max(precision, 1)), verb);
}

function caseOf(text: string, verb: string): string {
  return verb === "E" || verb === "G" ? text.toUpperCase() : text;
}

/** The decimal value with so many places; where it lies in the middle, the even digit is taken, as Go does. */
function fixed(size: number, precision: number): string {
  if (size >= 1e21) return BigInt(size).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  if (precision > 99) return size.toFixed(100).padEnd(precision, "0");
  const exact = size.toFixed(100);
  const cut = exact.indexOf(".") + 1 + precision;
  if (!/^50*$/.test(exact.slice(cut))) return size.toFixed(precision);
  const down = exact.slice(0, precision === 0 ? cut - 1 : cut);
  return Number(down.at(-1)) % 2 === 0 ? down : size.toFixed(precision);
}

function exponential(size: number, precision: number): string {
  const [mantissa = "", power = ""] = size.toExponential(Math.min(precision, 100)).split("e");
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** `%.3g`: the shorter of plain and exponent form, without zeros at the end. */
function general(size: number, precision: number): string {
  if (size === 0) return "0";
  const text = exponential(size, precision - 1);
  const exponent = Number(text.slice(text.indexOf("e") + 1));
  const trim = (digits: string) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  if (exponent < -4 || exponent >= precision) return text.replace(/^[^e]+/, trim);
  return trim(fixed(size, Math.max(0, precision - 1 - exponent)));
}
