import type { Pattern } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import type { Piece, Substitution } from "./ast.ts";

/** Carries s out on a text; undefined where nothing was replaced. */
export function substitute(text: string, pattern: Pattern, { pieces, every, from }: Substitution): string | undefined {
  const [only] = pieces;
  const plain = pieces.length === 0 ? "" : pieces.length === 1 && only?.type === "text" ? only.text : undefined;
  let result = "";
  let done = 0;
  let seen = 0;
  let changed = false;
  let lastEnd = -1;
  for (let at = 0; at <= text.length; ) {
    const spans = pattern.exec(text, at);
    if (!spans) break;
    const [start = 0, end = 0] = spans;
    if (start !== end || start !== lastEnd) {
      seen++;
      lastEnd = end;
      if (seen >= from) {
        result += text.slice(done, start) + (plain ?? fill(pieces, text, spans));
        done = end;
        changed = true;
        if (result.length > LINE_LIMIT) throw new Fail("couldn't re-allocate memory", 4);
        if (!every) break;
      }
    }
    at = end > start ? end : end + 1;
  }
  return changed ? result + text.slice(done) : undefined;
}

function fill(pieces: readonly Piece[], text: string, spans: readonly number[]): string {
  let result = "";
  let all: "U" | "L" | undefined;
  let next: "u" | "l" | undefined;
  for (const piece of pieces) {
    if (piece.type === "case") {
      if (piece.to === "E") all = undefined;
      else if (piece.to === "U" || piece.to === "L") all = piece.to;
      else next = piece.to;
      if (piece.to === "E" || piece.to === "U" || piece.to === "L") next = undefined;
      continue;
    }
    let part = piece.type === "text" ? piece.text : groupText(text, spans, piece.index);
    if (part === "") continue;
    if (all) part = all === "U" ? part.toUpperCase() : part.toLowerCase();
    if (next) {
      const [first = "", ...rest] = part;
      part = (next === "u" ? first.toUpperCase() : first.toLowerCase()) + rest.join("");
      next = undefined;
    }
    result += part;
  }
  return result;
}

function groupText(text: string, spans: readonly number[], index: number): string {
  const start = spans[2 * index] ?? -1;
  return start < 0 ? "" : text.slice(start, spans[2 * index + 1]);
}
