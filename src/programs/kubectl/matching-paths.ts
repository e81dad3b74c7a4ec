import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";

/** The paths that a pattern with * ? [ ] means (filepath.Glob), sorted; none where it is no pattern. */
export function matchingPaths(proc: Process, pattern: string): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [];
  const absolute = pattern.startsWith("/");
  let found: string[] = [absolute ? "/" : ""];
  for (const part of pattern.split("/").filter((one) => one !== "")) {
    const next: string[] = [];
    for (const folder of found) {
      if (!/[*?[]/.test(part)) {
        next.push(folder + part);
        continue;
      }
      const matches = matcher(part);
      for (const name of namesIn(proc, folder)) if (matches(name)) next.push(folder + name);
    }
    found = next.map((path) => `${path}/`);
  }
  const paths = found.map((path) => path.replace(/\/$/, ""));
  return paths.filter((path) => proc.machine.files.find(pathOf(proc, path), proc.credentials));
}

function namesIn(proc: Process, folder: string): readonly string[] {
  try {
    return proc.machine.files.list(pathOf(proc, folder === "" ? "." : folder), proc.credentials);
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}

/** A match of one part of a path, piece by piece, so that no pattern can take long. */
function matcher(pattern: string): (name: string) => boolean {
  return (name) => matchFrom(pattern, 0, name, 0);
}

function matchFrom(pattern: string, p: number, name: string, n: number): boolean {
  let [i, j] = [p, n];
  let star = -1;
  let mark = 0;
  while (j < name.length) {
    const step = pattern[i] === "*" ? undefined : stepOf(pattern, i, name[j] ?? "");
    if (pattern[i] === "*") {
      star = i++;
      mark = j;
    } else if (step !== undefined) {
      i = step;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++mark;
    } else return false;
  }
  while (pattern[i] === "*") i++;
  return i === pattern.length;
}

/** Where the pattern goes on when the character fits at `at`. */
function stepOf(pattern: string, at: number, character: string): number | undefined {
  const here = pattern[at];
  if (here === "?") return at + 1;
  if (here !== "[") return here === character ? at + 1 : undefined;
  const end = pattern.indexOf("]", at + 2);
  if (end < 0) return undefined;
  const negated = pattern[at + 1] === "^";
  const set = pattern.slice(at + (negated ? 2 : 1), end);
  let fits = false;
  for (let k = 0; k < set.length; k++) {
    if (set[k + 1] === "-" && k + 2 < set.length) {
      fits ||= character >= (set[k] ?? "") && character <= (set[k + 2] ?? "");
      k += 2;
    } else fits ||= set[k] === character;
  }
  return fits === negated ? undefined : end + 1;
}
