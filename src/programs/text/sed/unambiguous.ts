import { bytesOf } from "../../../base/text-bytes.ts";

const known: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** The text as sed's l shows it: escapes, lines folded at the width, $ at the end. */
export function unambiguous(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const shown =
      known[character] ??
      (code >= 32 && code < 127
        ? character
        : [...bytesOf(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""));
    if (width > 1 && line.length + shown.length > width - 1) {
      lines.push(`${line}\\`);
      line = "";
    }
    line += shown;
  }
  return `${[...lines, `${line}$`].join("\n")}\n`;
}
