import { formatFloat } from "./format-number.ts";

/** One % directive of printf(3), its stars already replaced. */
export interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** Matches a directive at `lastIndex`: flags, width, precision, length, conversion. */
export const directivePattern = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|q|L|j|z|t)?([a-zA-Z%])/y;

/** Pads to the width; zeros go between sign and digits. */
export function pad(text: string, { flags, width }: Directive, numeric: boolean): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!numeric || !flags.includes("0")) return " ".repeat(missing) + text;
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

function signed(text: string, flags: string): string {
  if (text.startsWith("-")) return text;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

/** d, i, o, u, x, X with a 64-bit whole number. */
export function formatWhole(value: bigint, directive: Directive): string {
  const { flags, precision, conversion } = directive;
  const isSigned = conversion === "d" || conversion === "i";
  const bits = isSigned ? value : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = (bits < 0n ? -bits : bits).toString(base);
  if (precision !== undefined) digits = precision === 0 && bits === 0n ? "" : digits.padStart(precision, "0");
  if (flags.includes("#") && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  if (flags.includes("#") && base === 16 && bits !== 0n) digits = `0x${digits}`;
  if (conversion === "X") digits = digits.toUpperCase();
  const text = isSigned ? signed(`${bits < 0n ? "-" : ""}${digits}`, flags) : digits;
  return pad(text, directive, precision === undefined);
}

/** e, f, g and their capitals. */
export function formatReal(value: number, directive: Directive): string {
  const text = formatFloat(value, directive.conversion, directive.precision ?? 6, directive.flags.includes("#"));
  return pad(signed(text, directive.flags), directive, Number.isFinite(value));
}

/** s, cut to the precision in characters. */
export function formatText(text: string, directive: Directive): string {
  const { precision } = directive;
  return pad(
    precision === undefined || text.length <= precision ? text : [...text].slice(0, precision).join(""),
    directive,
    false,
  );
}
