/** A text from input: a number in comparisons where it looks like one. */
export class InputText {
  readonly text: string;
  private number: number | null | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The number it looks like, or null. */
  get looksLike(): number | null {
    if (this.number === undefined) this.number = looksNumeric.test(this.text) ? numberOfText(this.text) : null;
    return this.number;
  }
}

/** undefined is a variable nobody has set. */
export type Value = number | string | InputText | undefined;

/** What a name stands for: a value, or an array once it is used as one. */
export interface Cell {
  value: Value;
  array: Map<string, Value> | undefined;
  /** The caller's variable, for a parameter that was passed before it was known whether it is an array. */
  from?: Cell | undefined;
}

const looksNumeric =
  /^[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]+|inf|nan)[ \t\n\r\f\v]*$/;
const prefix = /^[ \t\n\r\f\v]*([-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf|nan))/;

function numberOfText(text: string): number {
  const found = prefix.exec(text)?.[1];
  if (found === undefined) return 0;
  const plain = Number(found);
  if (!Number.isNaN(plain)) return plain;
  const sign = found.startsWith("-") ? -1 : 1;
  const bare = found.replace(/^[-+]/, "");
  if (bare.startsWith("0")) return sign * Number(bare);
  return bare === "inf" ? sign * Number.POSITIVE_INFINITY : Number.NaN;
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return numberOfText(value);
  return value === undefined ? 0 : (value.looksLike ?? numberOfText(value.text));
}

/** Text of a value; numbers that are not whole by `format` (CONVFMT or OFMT). */
export function toText(value: Value, format: (value: number) => string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return isInt(value) ? String(value === 0 ? 0 : value) : format(value);
  return value === undefined ? "" : value.text;
}

/** mawk keeps numbers as whole ones as long as they fit into a C int: 2^31 is printed by OFMT. */
function isInt(value: number): boolean {
  return Number.isInteger(value) && value < 2 ** 31 && value > -(2 ** 31);
}

export function isTrue(value: Value): boolean {
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string") return value !== "";
  if (value === undefined) return false;
  const number = value.looksLike;
  return number === null ? value.text !== "" : number !== 0;
}

/** A number that a comparison may take as such; undefined for a text. */
function comparable(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  return typeof value === "string" ? undefined : (value.looksLike ?? undefined);
}

/** Below, at or above zero; NaN where a number is none. */
export function compareValues(left: Value, right: Value, format: (value: number) => string): number {
  const a = comparable(left);
  const b = a === undefined ? undefined : comparable(right);
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  const x = toText(left, format);
  const y = toText(right, format);
  return x < y ? -1 : x > y ? 1 : 0;
}
