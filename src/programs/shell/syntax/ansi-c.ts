import { escapeLetters, joinBytes, numericEscape, numericText } from "../../../base/escapes.ts";

const letters: Readonly<Record<string, string>> = {
  ...escapeLetters,
  e: "\x1b",
  E: "\x1b",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** What the escapes of $'…' stand for. */
export function ansiC(text: string): string {
  if (!text.includes("\\")) return text;
  let out = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\\") {
      out += text[i];
      continue;
    }
    const c = text[++i] ?? "";
    const letter = letters[c];
    const number = letter === undefined ? numericEscape(text, i, "plain") : undefined;
    if (letter !== undefined) out += letter;
    else if (number) {
      // A NUL ends the string, as in bash.
      if (number.code === 0) break;
      out += numericText(number);
      i = number.end - 1;
    } else if (c === "c" && i + 1 < text.length) out += String.fromCharCode(text.charCodeAt(++i) & 0x1f);
    else out += `\\${c}`;
  }
  return joinBytes(out);
}
