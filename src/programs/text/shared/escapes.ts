import { bytesOf, textOf } from "../../../base/text-bytes.ts";

const simple: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** A byte as it stands in texts. */
export function byteText(byte: number): string {
  return String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);
}

/** Bytes that were escaped one by one and make up characters become these. */
export function joinBytes(text: string): string {
  return /[\udc80-\udcff]/.test(text) ? textOf(bytesOf(text)) : text;
}

/**
 * The escape after the backslash at `at`: what it stands for and where the text goes on; undefined for no escape, and
 * "end" for \c. `octalZero`: octal numbers begin with 0 (echo -e, %b).
 */
export function escapeAt(
  text: string,
  at: number,
  octalZero: boolean,
): { text: string; next: number } | "end" | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  if (letter === "c") return "end";
  const known = simple[letter];
  if (known !== undefined) return { text: known, next: at + 2 };
  const rest = text.slice(at + 1, at + 10);
  const octal =
    (octalZero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest) ?? (octalZero ? /^([1-7][0-7]{0,2})/.exec(rest) : null);
  if (octal) return { text: byteText(Number.parseInt(octal[1] || "0", 8) & 255), next: at + 1 + octal[0].length };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex) return { text: byteText(Number.parseInt(hex[1] ?? "0", 16)), next: at + 1 + hex[0].length };
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (!unicode) return undefined;
  const code = Number.parseInt(unicode[1] ?? unicode[2] ?? "0", 16);
  return { text: code > 0x10ffff ? "" : String.fromCodePoint(code), next: at + 1 + unicode[0].length };
}
