import type { Change, Lines } from "./define.ts";

/** diff's own format: 2c2, < and >. */
export function normalDiff(changes: readonly Change[], old: Lines, now: Lines): string {
  let text = "";
  for (const change of changes) {
    if (change.ignorable) continue;
    const letter = change.oldCount === 0 ? "a" : change.newCount === 0 ? "d" : "c";
    text += `${range(change.oldStart, change.oldCount)}${letter}${range(change.newStart, change.newCount)}\n`;
    for (let at = 0; at < change.oldCount; at++) text += marked("< ", old, change.oldStart + at);
    if (letter === "c") text += "---\n";
    for (let at = 0; at < change.newCount; at++) text += marked("> ", now, change.newStart + at);
  }
  return text;
}

/** Lines count from 1; an empty range is named by the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return String(start);
  return count === 1 ? String(start + 1) : `${start + 1},${start + count}`;
}

/** A line with its mark, and a note where it has no newline. */
export function marked(mark: string, side: Lines, at: number): string {
  const line = `${mark}${side.lines[at]}\n`;
  return side.unterminated && at === side.lines.length - 1 ? `${line}\\ No newline at end of file\n` : line;
}
