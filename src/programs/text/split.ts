import { byteLength, bytesOf, textOf } from "../../base/text-bytes.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quote, quoteAlways } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

/** split: a file in pieces. */
export const split = tool({
  name: "split",
  usage: "[OPTION]... [FILE [PREFIX]]",
  options:
    "a,suffix-length= additional-suffix= b,bytes= C,line-bytes= d n,number= e,elide-empty-files l,lines= t,separator= x verbose filter=",
  rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-l${word.slice(1)}` : word)),
  *run(call) {
    for (const key of ["C", "filter"]) if (call.has(key)) throw new Fail(`-${key} is not simulated`);
    const ways = ["b", "l", "n"].filter((key) => call.has(key));
    if (ways.length > 1) throw call.misuse("cannot split in more than one way");
    const [name = "-", prefix = "x", extra] = call.operands;
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const cut = cutterOf(call, ways[0] ?? "l");
    const names = namesOf(call, prefix);
    for (const piece of cut(yield* wholeOf(call, name))) {
      if (piece === "" && call.has("e")) continue;
      yield* write(call, names.next().value, piece);
    }
    return undefined;
  },
});

function* wholeOf(call: Call, name: string): Task<string> {
  try {
    const input = call.open(name);
    const text = yield* input.rest();
    input.close();
    return text;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Fail(`cannot open ${quoteAlways(name)} for reading: ${error.message}`);
  }
}

function* write(call: Call, name: string, piece: string): Task {
  if (call.has("verbose")) call.out.put(`creating file ${quoteAlways(name)}\n`);
  if (call.proc.tick()) yield undefined;
  try {
    call.files.write(call.path(name), piece, call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Fail(`${name}: ${error.message}`);
  }
}

function cutterOf(call: Call, way: string): (text: string) => readonly string[] {
  const given = call.value(way) ?? "1000";
  if (way === "n") return chunksOf(given);
  const size = parseSize(given);
  if (!size) throw new Fail(`invalid number of ${way === "b" ? "bytes" : "lines"}: ${quote(given)}${zero(size)}`);
  if (way === "b") return (text) => byBytes(text, size);
  const separator = call.value("t") ?? "\n";
  return (text) => {
    const lines = linesOf(text, separator);
    const pieces: string[] = [];
    for (let at = 0; at < lines.length; at += size) pieces.push(lines.slice(at, at + size).join(""));
    return pieces;
  };
}

/** The reason that a number of none gets. */
function zero(size: number | undefined): string {
  return size === 0 ? ": Numerical result out of range" : "";
}

function linesOf(text: string, separator: string): string[] {
  const lines = text.split(separator);
  const last = lines.pop() ?? "";
  return [...lines.map((line) => line + separator), ...(last === "" ? [] : [last])];
}

function byBytes(text: string, size: number): string[] {
  const bytes = bytesOf(text);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(textOf(bytes.subarray(at, at + size)));
  return pieces;
}

/** -n 4: as many pieces of the same size; l/4: without tearing lines; r/4: line by line in turn. */
function chunksOf(given: string): (text: string) => readonly string[] {
  const found = /^(l\/|r\/)?(\d+)$/.exec(given);
  const count = Number(found?.[2]);
  if (!found) {
    if (/^(?:[lr]\/)?\d+\/\d+$/.test(given)) throw new Fail("-n K/N is not simulated");
    throw new Fail(`invalid number of chunks: ${quote(given)}`);
  }
  if (count === 0 || count > 10_000)
    throw new Fail(`invalid number of chunks: ${quote(String(found[2]))}${zero(count)}`);
  if (found[1] === "r/")
    return (text) => {
      const pieces: string[] = Array.from({ length: count }, () => "");
      for (const [at, line] of linesOf(text, "\n").entries()) pieces[at % count] = (pieces[at % count] ?? "") + line;
      return pieces;
    };
  return (text) => (found[1] ? byLineChunks(text, count) : byByteChunks(text, count));
}

/** Pieces of the same size; the first ones take one more where it does not come out even. */
function byByteChunks(text: string, count: number): string[] {
  const bytes = bytesOf(text);
  const size = Math.floor(bytes.length / count);
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < count; at++) {
    const to = at === count - 1 ? bytes.length : from + size;
    pieces.push(textOf(bytes.subarray(from, to)));
    from = to;
  }
  return pieces;
}

/** A line belongs to the piece in which its first byte lies. */
function byLineChunks(text: string, count: number): string[] {
  const size = Math.max(1, Math.floor(byteLength(text) / count));
  const pieces: string[] = Array.from({ length: count }, () => "");
  let from = 0;
  for (const line of linesOf(text, "\n")) {
    const at = Math.min(count - 1, Math.floor(from / size));
    pieces[at] = (pieces[at] ?? "") + line;
    from += byteLength(line);
  }
  return pieces;
}

/** xaa to xyz, then xzaaa to xzyzz, and so on; with -a of one length only. */
function* namesOf(call: Call, prefix: string): Generator<string, never> {
  const letters = call.has("d") ? "0123456789" : call.has("x") ? "0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz";
  const base = letters.length;
  const length = Number(call.value("a") ?? 2);
  const end = call.value("additional-suffix") ?? "";
  const fixed = call.has("a") && length > 0;
  for (let lead = "", width = length || 2; ; lead += letters.at(-1), width++) {
    const most = fixed ? base ** width : (base - 1) * base ** (width - 1);
    for (let number = 0; number < most; number++) {
      let suffix = "";
      for (let rest = number, at = 0; at < width; at++, rest = Math.floor(rest / base))
        suffix = (letters[rest % base] ?? "") + suffix;
      yield prefix + lead + suffix + end;
    }
    if (fixed) throw new Fail("output file suffixes exhausted");
  }
}
