import type { Pattern } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import { LINE_LIMIT } from "../shared/input.ts";

/** sub and gsub: & stands for what was found, \& for itself. */
export function replaceAll(
  text: string,
  pattern: Pattern,
  replacement: string,
  once: boolean,
): { result: string; count: number } {
  const plain = !replacement.includes("&") && !replacement.includes("\\");
  return replace(
    text,
    pattern,
    (count) => (once ? count === 1 : true),
    (spans) => (plain ? replacement : expand(replacement, text, spans, false)),
  );
}

/** gawk's gensub: \0 to \9 stand for groups; `which` is g or the number of the match. */
export function replaceGeneral(text: string, pattern: Pattern, replacement: string, which: string): string {
  const all = /^[gG]/.test(which);
  const wanted = Math.max(1, Math.trunc(Number(which)) || 1);
  return replace(
    text,
    pattern,
    (count) => all || count === wanted,
    (spans) => expand(replacement, text, spans, true),
  ).result;
}

function replace(
  text: string,
  pattern: Pattern,
  wanted: (count: number) => boolean,
  make: (spans: readonly number[]) => string,
): { result: string; count: number } {
  let result = "";
  let done = 0;
  let seen = 0;
  let count = 0;
  let lastEnd = -1;
  for (let from = 0; from <= text.length; ) {
    const spans = pattern.exec(text, from);
    if (!spans) break;
    const [start = 0, end = 0] = spans;
    // An empty match right after a match is none.
    if (!(start === end && start === lastEnd)) {
      seen++;
      if (wanted(seen)) {
        result += text.slice(done, start) + make(spans);
        if (result.length > LINE_LIMIT) throw new Fail("out of memory", 2);
        done = end;
        count++;
      } else if (count > 0) break;
      lastEnd = end;
    }
    from = end > start ? end : start + 1;
  }
  return { result: result + text.slice(done), count };
}

function expand(replacement: string, text: string, spans: readonly number[], groups: boolean): string {
  let result = "";
  for (let i = 0; i < replacement.length; i++) {
    const character = replacement[i] ?? "";
    const next = replacement[i + 1];
    if (character === "&") result += text.slice(spans[0], spans[1]);
    else if (character === "\\" && (next === "&" || next === "\\")) {
      result += next;
      i++;
    } else if (groups && character === "\\" && next !== undefined && next >= "0" && next <= "9") {
      const start = spans[2 * Number(next)] ?? -1;
      if (start >= 0) result += text.slice(start, spans[2 * Number(next) + 1]);
      i++;
    } else result += character;
  }
  return result;
}
