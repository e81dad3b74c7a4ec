import { bytesOf, textOf } from "./text-bytes.ts";

/** What the letters after a backslash stand for in C. */
export const escapeLetters: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** How octal numbers are written: as in C, with a 0 before up to three digits, or either. */
type OctalForm = "plain" | "zero" | "either";

const octalForms: Readonly<Record<OctalForm, RegExp>> = {
  plain: /[0-7]{1,3}/y,
  zero: /0[0-7]{0,3}/y,
  either: /0[0-7]{0,3}|[1-7][0-7]{0,2}/y,
};
const hexForm = /x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})/y;

/** A number after a backslash: what it says, where the text goes on, and whether it is a byte or a character. */
interface NumericEscape {
  readonly code: number;
  readonly end: number;
  readonly byte: boolean;
}

/** The numeric escape whose letter or first digit stands at `at`. */
export function numericEscape(text: string, at: number, octal: OctalForm): NumericEscape | undefined {
  const digits = matchAt(octalForms[octal], text, at)?.[0];
  if (digits !== undefined) return { code: Number.parseInt(digits, 8) & 255, end: at + digits.length, byte: true };
  const hex = matchAt(hexForm, text, at);
  if (!hex) return undefined;
  const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
  return { code, end: at + hex[0].length, byte: hex[1] !== undefined };
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

/** What a number stands for; bytes are to be joined afterwards. Beyond Unicode it is Unicode's last character. */
export function numericText({ code, byte }: NumericEscape): string {
  return byte ? byteText(code) : String.fromCodePoint(Math.min(code, 0x10ffff));
}

/** A byte as it stands in texts. */
export function byteText(byte: number): string {
  return String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);
}

/** Bytes that were escaped one by one and make up characters become these. */
export function joinBytes(text: string): string {
  return /[\udc80-\udcff]/.test(text) ? textOf(bytesOf(text)) : text;
}
