import { byteLength } from "../../base/text-bytes.ts";
import type { Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";
import type { Input } from "./shared/input.ts";
import { textWidth } from "./shared/text-width.ts";

interface Counts {
  lines: number;
  words: number;
  characters: number;
  bytes: number;
  longest: number;
}

/** wc: counts lines, words, characters, bytes. */
export const wc = tool({
  name: "wc",
  usage: "[OPTION]... [FILE]...",
  options: "c,bytes m,chars l,lines w,words L,max-line-length files0-from= total=",
  *run(call) {
    const all = !call.last("c", "m", "l", "w", "L");
    const shown: readonly (keyof Counts)[] = (
      [
        ["l", "lines"],
        ["w", "words"],
        ["m", "characters"],
        ["c", "bytes"],
        ["L", "longest"],
      ] as const
    )
      .filter(([key]) => (all ? "lwc".includes(key) : call.has(key)))
      .map(([, what]) => what);
    const width = widthOf(call, shown.length);
    const total = none();
    let seen = 0;
    const print = (counts: Counts, name: string) => {
      const line = shown.map((what) => String(counts[what]).padStart(width)).join(" ");
      call.out.put(`${line}${name === "" ? "" : ` ${name}`}\n`);
    };
    for (const name of call.operands.length === 0 ? ["-"] : call.operands) {
      let counts = none();
      let opened = false;
      seen++;
      yield* call.eachFile([name], function* (input) {
        opened = true;
        yield* count(input, counts);
      });
      if (!opened) continue;
      for (const what of ["lines", "words", "characters", "bytes"] as const) total[what] += counts[what];
      total.longest = Math.max(total.longest, counts.longest);
      print(counts, call.operands.length === 0 ? "" : name);
      counts = none();
    }
    if (seen > 1) print(total, "total");
    return undefined;
  },
});

function none(): Counts {
  return { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
}

/** As wide as the sum of the files' sizes; 7 where a size is not known beforehand. */
function widthOf(call: Call, columns: number): number {
  const names = call.operands.length === 0 ? ["-"] : call.operands;
  if (names.length === 1 && columns === 1) return 1;
  let sum = 0;
  let least = 1;
  for (const name of names) {
    const path = name === "-" ? call.proc.fd(0).path : call.path(name);
    const stat = path === undefined ? undefined : call.files.find(path, call.who);
    if (stat?.kind === "file") sum += stat.size;
    else if (stat || name === "-") least = 7;
  }
  return Math.max(least, String(sum).length);
}

function* count(input: Input, counts: Counts): Task {
  let inWord = false;
  let column = 0;
  for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
    counts.bytes += byteLength(chunk);
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (code < 0xdc00 || code > 0xdfff) counts.characters++;
      const space = code === 32 || (code >= 9 && code <= 13);
      if (!space && code > 32 && !inWord) counts.words++;
      inWord = space ? false : inWord || code > 32;
      if (code === 10) {
        counts.lines++;
        counts.longest = Math.max(counts.longest, column);
        column = 0;
      } else if (code === 9) column += 8 - (column % 8);
      else if (code >= 32) column += code < 127 ? 1 : textWidth(chunk[at] ?? "");
    }
  }
  counts.longest = Math.max(counts.longest, column);
}
