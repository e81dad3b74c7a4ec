import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail, tool } from "../define.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import { Output } from "../shared/output.ts";
import { quoteName } from "../shared/quote.ts";
import { lineComparison } from "./compare.ts";
import { parseKeys } from "./key.ts";
import { mergeRuns, mergeSort } from "./merge-sort.ts";

/** sort: by bytes, as in the C locales. */
export const sort = tool({
  name: "sort",
  usage: "[OPTION]... [FILE]...",
  options:
    "b,ignore-leading-blanks d,dictionary-order f,ignore-case g,general-numeric-sort i,ignore-nonprinting M,month-sort h,human-numeric-sort n,numeric-sort R,random-sort r,reverse V,version-sort sort= c check? C k,key= m,merge o,output= s,stable S,buffer-size= t,field-separator= T,temporary-directory= u,unique z,zero-terminated parallel= batch-size=",
  trouble: 2,
  *run(call) {
    const check = call.has("c") || call.has("check") ? "c" : call.has("C") ? "C" : undefined;
    const compare = lineComparison(parseKeys(call), seedOf(call), {
      reverse: call.has("r"),
      stable: call.has("s") || call.has("u"),
    });
    const end = call.has("z") ? "\0" : "\n";
    if (check)
      return yield* checkOrder(call, compare, check === "C" || /^(quiet|silent)$/.test(call.value("check") ?? ""), end);
    const names = call.operands.length === 0 ? ["-"] : call.operands;
    // Files to be merged are sorted already, each by itself.
    const groups = call.has("m") ? names.map((name) => [name]) : [names];
    const runs: string[][] = [];
    for (const group of groups) runs.push(yield* readLines(call, group, end));
    const sorted = call.has("m")
      ? yield* mergeRuns(call.proc, runs, compare)
      : yield* mergeSort(call.proc, runs[0] ?? [], compare);
    yield* write(call, call.has("u") ? unique(sorted, compare) : sorted, end);
    return undefined;
  },
});

/** Chance is asked only where it is wanted. */
function seedOf(call: Call): number {
  const random = call.given.some(({ key, value = "" }) => key === "R" || (key === "k" && value.includes("R")));
  return random ? call.proc.machine.kernel.random.next32() : 0;
}

function* readLines(call: Call, names: readonly string[], end: string): Task<string[]> {
  const lines: string[] = [];
  let size = 0;
  for (const name of names) {
    try {
      const input = call.open(name, end);
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
        lines.push(line);
        size += line.length + 8;
        if (size > 4 * LINE_LIMIT) throw new Fail("memory exhausted");
      }
      input.close();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(
        `${error.code === "EISDIR" ? "read failed" : "cannot read"}: ${quoteName(name)}: ${error.message}`,
      );
    }
  }
  return lines;
}

function unique(lines: readonly string[], compare: (a: string, b: string) => number): string[] {
  return lines.filter((line, index) => index === 0 || compare(lines[index - 1] ?? "", line) !== 0);
}

function* write(call: Call, lines: readonly string[], end: string): Task {
  const to = call.value("o");
  const out =
    to === undefined ? call.out : new Output(call.proc, openOutput(call, to), `write failed: ${quoteName(to)}`);
  for (const line of lines) {
    out.put(line + end);
    if (out.full) yield* out.flush();
  }
  yield* out.flush();
}

function openOutput(call: Call, name: string): number {
  try {
    return openFd(call.proc, name, { write: true, create: true, truncate: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Fail(`open failed: ${quoteName(name)}: ${error.message}`);
  }
}

function* checkOrder(call: Call, compare: (a: string, b: string) => number, quiet: boolean, end: string): Task<number> {
  const [name = "-", extra] = call.operands;
  if (extra !== undefined) throw new Fail(`extra operand '${extra}' not allowed with -${quiet ? "C" : "c"}`);
  const input = call.open(name, end);
  let before: string | undefined;
  let number = 0;
  for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
    number++;
    const order = before === undefined ? -1 : compare(before, line);
    if (order > 0 || (order === 0 && call.has("u"))) {
      if (!quiet) yield* call.warn(`${quoteName(name)}:${number}: disorder: ${line}`);
      return 1;
    }
    before = line;
  }
  return 0;
}
