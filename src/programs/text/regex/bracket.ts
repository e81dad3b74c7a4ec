import { type CharacterSet, RegexError } from "./define.ts";

const classNames = new Set([
  "alpha",
  "digit",
  "alnum",
  "upper",
  "lower",
  "space",
  "blank",
  "punct",
  "print",
  "graph",
  "cntrl",
  "xdigit",
]);
const escaped: Readonly<Record<string, string>> = { n: "\n", t: "\t", f: "\f", v: "\v", a: "\x07", r: "\r" };

/** Parses what follows an opening bracket at `start`; `next` is the place after the closing one. */
export function parseBracket(
  source: readonly string[],
  start: number,
  escapes: "sed" | "awk" | undefined,
): { set: CharacterSet; next: number } {
  let at = start;
  const negated = source[at] === "^";
  if (negated) at++;
  const ranges: [number, number][] = [];
  const classes: string[] = [];
  for (let first = true; ; first = false) {
    const character = source[at];
    if (character === undefined) throw new RegexError("Unmatched [, [^, [:, [., or [=");
    if (character === "]" && !first) break;
    if (character === "[" && source[at + 1] === ":") {
      const end = closing(source, at + 2, ":");
      const name = source.slice(at + 2, end).join("");
      if (!classNames.has(name)) throw new RegexError("Invalid character class name");
      classes.push(name);
      at = end + 2;
      continue;
    }
    const low = element(source, at, escapes);
    at = low.next;
    if (source[at] !== "-" || source[at + 1] === "]" || source[at + 1] === undefined) {
      ranges.push([low.code, low.code]);
      continue;
    }
    const high = element(source, at + 1, escapes);
    at = high.next;
    if (high.code < low.code) throw new RegexError("Invalid range end");
    ranges.push([low.code, high.code]);
  }
  return { set: { negated, ranges, classes }, next: at + 1 };
}

function element(
  source: readonly string[],
  at: number,
  escapes: "sed" | "awk" | undefined,
): { code: number; next: number } {
  const character = source[at] ?? "";
  const next = source[at + 1];
  if (character === "[" && (next === "." || next === "=")) {
    const end = closing(source, at + 2, next);
    const [only, ...others] = source.slice(at + 2, end);
    if (only === undefined || others.length > 0) throw new RegexError("Invalid collation character");
    return { code: only.codePointAt(0) ?? 0, next: end + 2 };
  }
  if (character === "\\" && escapes && next !== undefined) {
    const known = escaped[next] ?? (escapes === "awk" ? next : undefined);
    if (known !== undefined) return { code: known.codePointAt(0) ?? 0, next: at + 2 };
  }
  return { code: character.codePointAt(0) ?? 0, next: at + 1 };
}

function closing(source: readonly string[], from: number, sign: string): number {
  for (let at = from; at < source.length; at++) if (source[at] === sign && source[at + 1] === "]") return at;
  throw new RegexError("Unmatched [, [^, [:, [., or [=");
}
