import type { Task } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { compareLines } from "./compare.ts";
import type { Change, Lines } from "./define.ts";

/** The changes from one text to the other, by the rules of -i, -b, -w, -Z and -B. */
export function* changesBetween(call: Call, old: Lines, now: Lines): Task<readonly Change[]> {
  const numbers = new Map<string, number>();
  const number = (text: string) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const keyOf = comparedText(call);
  const numbered = ({ lines, unterminated }: Lines) =>
    // A last line without a newline differs from one with it, unless blanks at the end do not count.
    lines.map((line, at) =>
      number(keyOf(line) + (unterminated && at === lines.length - 1 && !ignoresEnd(call) ? "\0" : "")),
    );
  const { start, end } = sameEnds(old, now, call.has("U") ? Number(call.value("U")) : call.has("u") ? 3 : 0);
  const middle = (side: Lines) => numbered(side).slice(start, side.lines.length - end);
  const { removed, added } = yield* compareLines(call.proc, middle(old), middle(now));
  const whole = (changed: readonly boolean[]) => [
    ...new Array<boolean>(start).fill(false),
    ...changed,
    ...new Array<boolean>(end).fill(false),
  ];
  return gather(whole(removed), whole(added), (side, at) => call.has("B") && (side === 0 ? old : now).lines[at] === "");
}

/** Lines that are the same at the start and at the end are left out, but for as many as a hunk shows: changes stay between. */
function sameEnds(old: Lines, now: Lines, horizon: number): { start: number; end: number } {
  const shorter = Math.min(old.lines.length, now.lines.length);
  const same = (a: number, b: number) => old.lines[a] === now.lines[b];
  let start = 0;
  while (start < shorter && same(start, start) && !(old.unterminated !== now.unterminated && start === shorter - 1))
    start++;
  let end = 0;
  if (old.unterminated === now.unterminated)
    while (end < shorter - start && same(old.lines.length - 1 - end, now.lines.length - 1 - end)) end++;
  return { start: Math.max(0, start - horizon), end: Math.max(0, end - horizon) };
}

function ignoresEnd(call: Call): boolean {
  return call.has("w") || call.has("b") || call.has("Z");
}

function comparedText(call: Call): (line: string) => string {
  const fold = call.has("i") ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (call.has("w")) return (line) => fold(line.replace(/\s+/g, ""));
  if (call.has("b")) return (line) => fold(line.replace(/\s+/g, " ").replace(/ $/, ""));
  if (call.has("Z")) return (line) => fold(line.replace(/\s+$/, ""));
  return fold;
}

function gather(
  removed: readonly boolean[],
  added: readonly boolean[],
  blank: (side: 0 | 1, at: number) => boolean,
): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < removed.length || j < added.length) {
    if (!removed[i] && !added[j]) {
      i++;
      j++;
      continue;
    }
    const [oldStart, newStart] = [i, j];
    let ignorable = true;
    for (; removed[i]; i++) if (!blank(0, i)) ignorable = false;
    for (; added[j]; j++) if (!blank(1, j)) ignorable = false;
    changes.push({ oldStart, oldCount: i - oldStart, newStart, newCount: j - newStart, ignorable });
  }
  return changes;
}
