import { FormatError } from "./format-error.ts";

/** How a quantity is written: 1500m, 1536Mi or 15e2. */
type QuantityStyle = "decimal" | "binary" | "exponent";

/** A resource quantity (apimachinery api/resource), exact to a billionth. */
export interface Quantity {
  /** As the API writes it. */
  readonly text: string;
  readonly style: QuantityStyle;
  readonly nanos: bigint;
  /** Thousandths, rounded away from zero: what the scheduler counts CPU in. */
  readonly milli: number;
  /** Whole units, rounded away from zero: what the scheduler counts memory in. */
  readonly whole: number;
}

/** A quantity as it stands in an object; a bare number is allowed in YAML and JSON. */
export type QuantityText = string | number | bigint;

const NANO = 1_000_000_000n;
const maxWhole = 9_223_372_036_854_775_807n;
const form = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eEinumkKMGTP]*[-+]?\d*))$/;
const binaryPowers = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalPowers = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const wrongForm = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const cacheSize = 4096;
const cache = new Map<QuantityText, Quantity>();

/** Reads a quantity; throws a FormatError with the API's words. */
export function parseQuantity(text: QuantityText): Quantity {
  const known = cache.get(text);
  if (known) return known;
  const quantity = read(String(text));
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, quantity);
  return quantity;
}

/** The spelling that the API gives back. */
export function canonicalQuantity(text: QuantityText): string {
  return parseQuantity(text).text;
}

/** Thousandths, rounded up: 1.5 cores are 1500. */
export function milliValue(text: QuantityText): number {
  return (cache.get(text) ?? parseQuantity(text)).milli;
}

/** Whole units, rounded up: 1Ki is 1024. */
export function wholeValue(text: QuantityText): number {
  return (cache.get(text) ?? parseQuantity(text)).whole;
}

/** Below, at or above zero as `a` is smaller than, equal to or larger than `b`. */
export function compareQuantity(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The sum; a zero takes on the other's style. */
export function addQuantity(a: Quantity, b: Quantity): Quantity {
  return quantityOf(a.nanos + b.nanos, a.nanos === 0n ? b.style : a.style);
}

/** The difference; a zero takes on the other's style. */
export function subtractQuantity(a: Quantity, b: Quantity): Quantity {
  return quantityOf(a.nanos - b.nanos, a.nanos === 0n ? b.style : a.style);
}

/** A quantity of so many thousandths (of a core). */
export function milliQuantity(milli: number): Quantity {
  return quantityOf(BigInt(milli) * 1_000_000n, "decimal");
}

function quantityOf(nanos: bigint, style: QuantityStyle, text?: string): Quantity {
  return {
    text: text ?? canonicalText(nanos, style),
    style,
    nanos,
    milli: Number(roundUp(nanos, 1_000_000n)),
    whole: Number(roundUp(nanos, NANO)),
  };
}

/** Divides, rounding away from zero. */
function roundUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  if (quotient * by === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

function read(text: string): Quantity {
  const parts = form.exec(text);
  if (text === "" || !parts) throw new FormatError(wrongForm);
  const [, sign = "", whole = "", decimals = "", suffix = ""] = parts;
  const scale = scaleOf(suffix);
  if (!scale) throw new FormatError("unable to parse quantity's suffix");
  const digits = BigInt(`${whole}${decimals}` || "0");
  const nanos = digits === 0n ? 0n : nanosOf(digits, decimals.length, scale);
  const signed = sign === "-" ? -nanos : nanos;
  const kept = scale.style !== "binary" && keepsSpelling(whole, decimals, scale, digits);
  return quantityOf(signed, scale.style, kept ? text : undefined);
}

interface Scale {
  readonly style: QuantityStyle;
  /** Of ten, or of two when the style is binary. */
  readonly exponent: number;
}

function scaleOf(suffix: string): Scale | undefined {
  const decimal = decimalPowers.indexOf(suffix);
  if (decimal >= 0) return { style: "decimal", exponent: decimal * 3 - 9 };
  const binary = binaryPowers.indexOf(suffix);
  if (binary >= 0) return { style: "binary", exponent: (binary + 1) * 10 };
  if (!/^[eE][+-]?\d+$/.test(suffix)) return undefined;
  const exponent = Number(suffix.slice(1));
  return exponent >= -0x80000000 && exponent <= 0x7fffffff ? { style: "exponent", exponent } : undefined;
}

/** Exponents beyond this only make a number larger than anything one could have. */
const farExponent = 4096;

function nanosOf(digits: bigint, decimals: number, { style, exponent }: Scale): bigint {
  if (style === "binary") {
    const nanos = roundUp(digits * 2n ** BigInt(exponent) * NANO, 10n ** BigInt(decimals));
    return nanos > maxWhole * NANO ? maxWhole * NANO : nanos;
  }
  const power = Math.min(exponent, farExponent) - decimals + 9;
  return power >= 0 ? digits * 10n ** BigInt(power) : roundUp(digits, 10n ** BigInt(Math.min(-power, farExponent)));
}

/** Go's fast path keeps the text where digits and exponent are the canonical ones already. */
function keepsSpelling(whole: string, decimals: string, scale: Scale, digits: bigint): boolean {
  const exponent = scale.exponent - decimals.length;
  if (/^0*$/.test(whole) || digits === 0n) return false;
  return exponent % 3 === 0 && exponent >= -9 && digits % 1000n !== 0n;
}

function canonicalText(nanos: bigint, style: QuantityStyle): string {
  if (nanos === 0n) return "0";
  const size = nanos < 0n ? -nanos : nanos;
  if (style === "binary" && size >= 1024n * NANO && size % NANO === 0n) return binaryText(nanos / NANO);
  let mantissa = nanos;
  let exponent = -9;
  while (mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (style === "exponent") return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  // Above exa there is no suffix left, and Go prints none: 1000E comes out as 1.
  return `${mantissa}${decimalPowers[exponent / 3 + 3] ?? ""}`;
}

function binaryText(whole: bigint): string {
  let mantissa = whole;
  let power = 0;
  while (power < 6 && mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${binaryPowers[power - 1] ?? ""}`;
}
