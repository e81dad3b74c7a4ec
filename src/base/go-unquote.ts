import { byteText, escapeLetters } from "./escapes.ts";

const simple: Readonly<Record<string, string>> = { ...escapeLetters, "'": "'", '"': '"' };
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The text of a Go literal in double, single or back quotes (single quotes hold any number of characters), or undefined. */
export function goUnquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || quote !== literal.at(-1)) return undefined;
  const inner = literal.slice(1, -1);
  if (quote === "`") return inner.includes("`") ? undefined : inner.replaceAll("\r", "");
  if ((quote !== '"' && quote !== "'") || inner.includes("\n")) return undefined;
  let text = "";
  for (let i = 0; i < inner.length; ) {
    const character = inner[i] ?? "";
    if (character === quote) return undefined;
    if (character !== "\\") {
      text += character;
      i++;
      continue;
    }
    const sequence = readEscape(inner, i + 1, quote);
    if (!sequence) return undefined;
    text += sequence.text;
    i = sequence.end;
  }
  return text;
}

function readEscape(text: string, at: number, quote: string): { text: string; end: number } | undefined {
  const letter = text[at] ?? "";
  const digits = hexDigits[letter];
  if (digits !== undefined) {
    const hex = text.slice(at + 1, at + 1 + digits);
    if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) return undefined;
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    const isByte = letter === "x" && code >= 0x80;
    return { text: isByte ? byteText(code) : String.fromCodePoint(code), end: at + 1 + digits };
  }
  if (/^[0-7]$/.test(letter)) {
    const octal = text.slice(at, at + 3);
    if (!/^[0-3][0-7]{2}$/.test(octal)) return undefined;
    const code = Number.parseInt(octal, 8);
    return { text: byteText(code), end: at + 3 };
  }
  if ((letter === "'" || letter === '"') && letter !== quote) return undefined;
  const plain = simple[letter];
  return plain === undefined ? undefined : { text: plain, end: at + 1 };
}
