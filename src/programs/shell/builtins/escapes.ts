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
};

/** The escapes of `echo -e` and of printf's %b; `\c` stops the output. */
export function echoEscapes(
  text: string,
  printf: false | "argument" | "format" = false,
): { out: string; stopped: boolean } {
  if (!text.includes("\\")) return { out: text, stopped: false };
  let out = "";
  let bytes = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== "\\" || i + 1 === text.length) {
      out += c;
      continue;
    }
    const next = text[i + 1] as string;
    if (next === "c" && printf !== "format") return { out: bytes ? textOf(bytesOf(out)) : out, stopped: true };
    const found = numeric(text, i + 1, printf !== false);
    if (found) {
      bytes ||= found.byte && found.code > 0x7f;
      out +=
        found.byte && found.code > 0x7f
          ? String.fromCharCode(0xdc00 + found.code)
          : String.fromCodePoint(Math.min(found.code, 0x10ffff));
      i = found.end - 1;
    } else {
      out +=
        letters[next] ??
        (printf && (next === '"' || next === "'" || (next === "?" && printf === "format")) ? next : `\\${next}`);
      i++;
    }
  }
  return { out: bytes ? textOf(bytesOf(out)) : out, stopped: false };
}

function numeric(text: string, i: number, printf: boolean): { code: number; end: number; byte: boolean } | undefined {
  const rest = text.slice(i, i + 9);
  const octal =
    /^[0-7]{1,3}/.exec(rest)?.[0] !== undefined && printf
      ? /^(?:0[0-7]{0,3}|[0-7]{1,3})/.exec(rest)?.[0]
      : /^0[0-7]{0,3}/.exec(rest)?.[0];
  if (octal !== undefined) return { code: Number.parseInt(octal, 8) & 255, end: i + octal.length, byte: true };
  const hex = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (!hex) return undefined;
  return {
    code: Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16),
    end: i + hex[0].length,
    byte: hex[1] !== undefined,
  };
}
