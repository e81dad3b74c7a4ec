import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

/** shuf: lines in an order of chance, the world's. */
export const shuf = tool({
  name: "shuf",
  usage: "[OPTION]... [FILE]",
  options: "e,echo i,input-range= n,head-count= o,output= random-source= r,repeat z,zero-terminated",
  *run(call) {
    if (call.has("random-source")) throw new Fail("--random-source is not simulated: chance is the world's");
    const end = call.has("z") ? "\0" : "\n";
    const most = countOf(call);
    const words = yield* wordsOf(call, end);
    if (call.has("r") && words.length === 0 && most > 0) throw new Fail("no lines to repeat");
    const chosen = call.has("r") ? undefined : shuffled(call, words).slice(0, most);
    const output = call.value("o");
    const fd = output === undefined ? undefined : output;
    if (chosen) {
      const text = chosen.map((word) => word + end).join("");
      if (fd === undefined) call.out.put(text);
      else call.files.write(call.path(fd), text, call.who);
      return undefined;
    }
    for (let left = most; left > 0; left--) {
      if (call.proc.tick()) yield undefined;
      call.out.put((words[call.proc.machine.kernel.random.below(words.length)] ?? "") + end);
      if (call.out.full) yield* call.out.flush();
    }
    return undefined;
  },
});

function countOf(call: Call): number {
  const counts = call.given.filter(({ key }) => key === "n").map(({ value = "" }) => value);
  for (const text of counts) if (!/^\d+$/.test(text)) throw new Fail(`invalid line count: ${quote(text)}`);
  return Math.min(Number.POSITIVE_INFINITY, ...counts.map(Number));
}

/** -i beyond this many numbers is refused. */
const MOST = 1_000_000;

function* wordsOf(call: Call, end: string) {
  const range = call.value("i");
  if (range !== undefined) {
    if (call.has("e")) throw call.misuse("cannot combine -e and -i options");
    const found = /^(\d+)-(\d+)$/.exec(range);
    const [low, high] = [Number(found?.[1]), Number(found?.[2])];
    if (!found || low > high + 1) throw new Fail(`invalid input range: ${quote(range)}`);
    const [extra] = call.operands;
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    if (high - low >= MOST) throw new Fail("memory exhausted");
    return Array.from({ length: high - low + 1 }, (_, at) => String(low + at));
  }
  if (call.has("e")) return [...call.operands];
  const [name = "-", extra] = call.operands;
  if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
  const lines: string[] = [];
  const input = call.openOrFail(name, end);
  for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) lines.push(line);
  input.close();
  return lines;
}

function shuffled(call: Call, words: string[]): string[] {
  const { random } = call.proc.machine.kernel;
  for (let last = words.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [words[last], words[other]] = [words[other] ?? "", words[last] ?? ""];
  }
  return words;
}
