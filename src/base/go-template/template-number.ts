import { goUnquote } from "../go-unquote.ts";
import { GoNumber } from "../go-value.ts";

/** The value of a number or character constant; undefined if it is none. */
export function templateNumber(text: string, isCharacter: boolean): GoNumber | undefined {
  if (isCharacter) {
    const character = goUnquote(text);
    if (character === undefined || [...character].length !== 1) return undefined;
    return new GoNumber("int", character.codePointAt(0) ?? 0);
  }
  const digits = text.replaceAll("_", "");
  const whole = /^([+-]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9]\d*)$/.exec(digits);
  if (whole) {
    const [, sign = "", size = ""] = whole;
    const plain = /^0[0-7]+$/.test(size) ? `0o${size.slice(1)}` : size;
    const value = sign === "-" ? -BigInt(plain) : BigInt(plain);
    if (value > 2n ** 63n - 1n || value < -(2n ** 63n)) return undefined;
    return new GoNumber("int", Number.isSafeInteger(Number(value)) ? Number(value) : value);
  }
  // A whole number that is none, such as 08, is not read as a float either.
  if (/^[+-]?\d+$/.test(digits)) return undefined;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(digits) || !Number.isFinite(Number(digits))) return undefined;
  return new GoNumber("float64", Number(digits));
}
