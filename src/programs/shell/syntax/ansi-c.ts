import { bytesOf, textOf } from "../../../base/text-bytes.ts";

const letters: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** What the escapes of $'…' stand for. */
export function ansiC(text: string): string {
  if (!text.includes("\\")) return text;
  let out = "";
  let bytes = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\\") {
      out += text[i];
      continue;
    }
    const c = text[++i] ?? "";
    const letter = letters[c];
    const digits = letter === undefined ? numberAt(text, i) : undefined;
    if (letter !== undefined) out += letter;
    else if (digits) {
      // A NUL ends the string, as in bash.
      if (digits.code === 0) break;
      bytes ||= digits.byte && digits.code > 0x7f;
      out +=
        digits.byte && digits.code > 0x7f
          ? String.fromCharCode(0xdc00 + digits.code)
          : String.fromCodePoint(Math.min(digits.code, 0x10ffff));
      i = digits.end - 1;
    } else if (c === "c" && i + 1 < text.length) out += String.fromCharCode(text.charCodeAt(++i) & 0x1f);
    else out += `\\${c}`;
  }
  return bytes ? textOf(bytesOf(out)) : out;
}

/** A numeric escape whose letter or first digit stands at `i`. */
export function numberAt(text: string, i: number): { code: number; end: number; byte: boolean } | undefined {
  const octal = /^[0-7]{1,3}/.exec(text.slice(i, i + 3));
  if (octal) return { code: Number.parseInt(octal[0], 8) & 255, end: i + octal[0].length, byte: true };
  const width = { x: 2, u: 4, U: 8 }[text[i] ?? ""];
  if (width === undefined) return undefined;
  const hex = /^[0-9a-fA-F]+/.exec(text.slice(i + 1, i + 1 + width));
  if (!hex) return undefined;
  return { code: Number.parseInt(hex[0], 16), end: i + 1 + hex[0].length, byte: text[i] === "x" };
}
