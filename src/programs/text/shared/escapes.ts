import { escapeLetters, numericEscape, numericText } from "../../../base/escapes.ts";

/**
 * The escape after the backslash at `at`: what it stands for and where the text goes on; undefined for no escape, and
 * "end" for \c. `octalZero`: octal numbers may begin with a 0 that is not counted (echo -e, %b).
 */
export function escapeAt(
  text: string,
  at: number,
  octalZero: boolean,
): { text: string; next: number } | "end" | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  if (letter === "c") return "end";
  const known = letter === "e" ? "\x1b" : escapeLetters[letter];
  if (known !== undefined) return { text: known, next: at + 2 };
  const number = numericEscape(text, at + 1, octalZero ? "either" : "plain");
  if (!number) return undefined;
  return { text: number.code > 0x10ffff ? "" : numericText(number), next: number.end };
}
