import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";

/** So many lines are sorted at once; then others get their turn. */
const RUN = 1024;

/** Sorts, stable, in slices. */
export function* mergeSort(
  proc: Process,
  lines: readonly string[],
  compare: (a: string, b: string) => number,
): Task<string[]> {
  const runs: string[][] = [];
  for (let at = 0; at < lines.length; at += RUN) {
    runs.push(lines.slice(at, at + RUN).sort(compare));
    if (lines.length > RUN) yield* proc.step(RUN / 4);
  }
  return yield* mergeRuns(proc, runs, compare);
}

/** Merges runs that are sorted, stable. */
export function* mergeRuns(
  proc: Process,
  sorted: readonly string[][],
  compare: (a: string, b: string) => number,
): Task<string[]> {
  let runs = sorted;
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [left = [], right] = [runs[at], runs[at + 1]];
      merged.push(right ? yield* merge(proc, left, right, compare) : left);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge(
  proc: Process,
  left: string[],
  right: string[],
  compare: (a: string, b: string) => number,
): Task<string[]> {
  const merged: string[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const [a = "", b = ""] = [left[l], right[r]];
    if (compare(a, b) <= 0) {
      merged.push(a);
      l++;
    } else {
      merged.push(b);
      r++;
    }
    if ((merged.length & 7) === 0 && proc.tick()) yield undefined;
  }
  for (; l < left.length; l++) merged.push(left[l] ?? "");
  for (; r < right.length; r++) merged.push(right[r] ?? "");
  return merged;
}
