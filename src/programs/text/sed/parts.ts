import type { Piece } from "./ast.ts";

/** What stands up to the delimiter, which a backslash may quote; undefined where there is no delimiter. */
export function delimited(
  source: string,
  start: number,
  delimiter: string,
  regex: boolean,
): { text: string; next: number } | undefined {
  let text = "";
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? "";
    if (character === "\\") {
      const next = source[++at] ?? "";
      if (next === delimiter && delimiter !== "\\") text += quoted(next, regex);
      else if (next === "n" && regex) text += "\\n";
      else text += `\\${next}`;
    } else if (character === delimiter) return { text, next: at + 1 };
    else {
      if (regex && character === "[" && delimiter !== "[") {
        const end = closingBracket(source, at);
        if (end !== undefined) {
          text += source.slice(at, end + 1);
          at = end;
          continue;
        }
      }
      text += character;
    }
  }
  return undefined;
}

/** A quoted delimiter is that character; one that would be special in a regular expression keeps its backslash. */
function quoted(delimiter: string, regex: boolean): string {
  return regex && /[.*[\]^$+?(){}|]/.test(delimiter)
    ? `\\${delimiter}`
    : delimiter === "&" && !regex
      ? "\\&"
      : delimiter;
}

function closingBracket(source: string, open: number): number | undefined {
  let at = open + 1;
  if (source[at] === "^") at++;
  if (source[at] === "]") at++;
  for (; at < source.length; at++) {
    if (source[at] === "[" && /[:.=]/.test(source[at + 1] ?? "")) {
      const end = source.indexOf(`${source[at + 1]}]`, at + 2);
      if (end < 0) return undefined;
      at = end + 1;
    } else if (source[at] === "]") return at;
    else if (source[at] === "\n") return undefined;
  }
  return undefined;
}

const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\x07" };

function numbered(text: string, at: number): { character: string; next: number } | undefined {
  const rest = text.slice(at, at + 4);
  const found = /^x([0-9a-fA-F]{1,2})|^o([0-7]{1,3})|^d(\d{1,3})/.exec(rest);
  if (!found) return undefined;
  const code = found[1] ? Number.parseInt(found[1], 16) : found[2] ? Number.parseInt(found[2], 8) : Number(found[3]);
  return { character: String.fromCharCode(code & 255), next: at + found[0].length };
}

/** The right-hand side of s taken apart. */
export function parseReplacement(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") pieces.push({ type: "text", text: plain });
    plain = "";
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "&") {
      flush();
      pieces.push({ type: "group", index: 0 });
    } else if (character !== "\\") plain += character;
    else {
      const next = text[++at] ?? "";
      const coded = numbered(text, at);
      if (next >= "0" && next <= "9") {
        flush();
        pieces.push({ type: "group", index: Number(next) });
      } else if (next !== "" && "ULEul".includes(next)) {
        flush();
        pieces.push({ type: "case", to: next as "U" });
      } else if (coded) {
        plain += coded.character;
        at = coded.next - 1;
      } else plain += simple[next] ?? next;
    }
  }
  flush();
  return pieces;
}

/** The text of a, i and c: escapes are resolved, other backslashes taken away. */
export function unescapeText(raw: string): string {
  let text = "";
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] !== "\\") {
      text += raw[at];
      continue;
    }
    const next = raw[++at] ?? "";
    const coded = numbered(raw, at);
    if (coded) {
      text += coded.character;
      at = coded.next - 1;
    } else text += simple[next] ?? next;
  }
  return text;
}
