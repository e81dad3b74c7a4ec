import { escapeLetters, joinBytes, numericEscape, numericText } from "../../../base/escapes.ts";

const letters: Readonly<Record<string, string>> = { ...escapeLetters, e: "\x1b", E: "\x1b" };

/** The escapes of `echo -e` and of printf's %b; `\c` stops the output. */
export function echoEscapes(
  text: string,
  printf: false | "argument" | "format" = false,
): { out: string; stopped: boolean } {
  if (!text.includes("\\")) return { out: text, stopped: false };
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== "\\" || i + 1 === text.length) {
      out += c;
      continue;
    }
    const next = text[i + 1] as string;
    if (next === "c" && printf !== "format") return { out: joinBytes(out), stopped: true };
    const number = numericEscape(text, i + 1, printf === false ? "zero" : "either");
    if (number) {
      out += numericText(number);
      i = number.end - 1;
    } else {
      out +=
        letters[next] ??
        (printf && (next === '"' || next === "'" || (next === "?" && printf === "format")) ? next : `\\${next}`);
      i++;
    }
  }
  return { out: joinBytes(out), stopped: false };
}
