import { byteLength, bytesOf, textOf } from "../../base/text-bytes.ts";
import type { Errno, Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import type { Input } from "./shared/input.ts";
import { quote, quoteAlways } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

/** head: the first lines or bytes, and no byte is waited for beyond them. */
export const head = tool({
  name: "head",
  usage: "[OPTION]... [FILE]...",
  options: "c,bytes= n,lines= q,quiet,silent v,verbose z,zero-terminated",
  rewrite: ([first, ...rest]) =>
    /^-\d+[cqvz]*$/.test(first ?? "")
      ? [...old(first ?? ""), ...rest]
      : [first, ...rest].filter((word) => word !== undefined),
  *run(call) {
    const unit = call.last("c", "n") ?? "n";
    const given = call.value(unit) ?? "10";
    const allBut = given.startsWith("-");
    const count = parseSize(given.replace(/^[-+]/, ""));
    if (count === undefined) throw new Fail(`invalid number of ${unit === "c" ? "bytes" : "lines"}: ${quote(given)}`);
    const titles = call.last("q", "v") === "v" || (call.last("q", "v") !== "q" && call.operands.length > 1);
    let first = true;
    const show = function* (input: Input, name: string): Task {
      if (titles) call.out.put(`${first ? "" : "\n"}==> ${name === "-" ? "standard input" : name} <==\n`);
      first = false;
      if (unit === "c") yield* allBut ? allButBytes(call, input, count) : bytes(call, input, count);
      else yield* allBut ? allButLines(call, input, count) : lines(call, input, count);
    };
    yield* call.eachFile(call.operands, show, call.has("z") ? "\0" : "\n", cannot);
    return undefined;
  },
});

/** -5qv of old. */
function old(word: string): string[] {
  const [, digits = "", letters = ""] = /^-(\d+)([cqvz]*)$/.exec(word) ?? [];
  const rest = letters.replace("c", "");
  return [`${letters.includes("c") ? "-c" : "-n"}${digits}`, ...(rest === "" ? [] : [`-${rest}`])];
}

function cannot(name: string, error: Errno, opened: boolean): string {
  return opened
    ? `error reading ${quoteAlways(name)}: ${error.message}`
    : `cannot open ${quoteAlways(name)} for reading: ${error.message}`;
}

function* lines(call: Call, input: Input, count: number): Task {
  const end = call.has("z") ? "\0" : "\n";
  for (let left = count; left > 0; left--) {
    const line = yield* input.line();
    if (line === undefined) return;
    call.out.put(input.terminated ? line + end : line);
  }
}

function* bytes(call: Call, input: Input, count: number): Task {
  for (let left = count; left > 0; ) {
    const chunk = yield* input.chunk(Math.min(left, 65_536));
    if (chunk === undefined) return;
    const size = byteLength(chunk);
    call.out.put(size <= left ? chunk : textOf(bytesOf(chunk).slice(0, left)));
    left -= size;
    yield* call.out.flush();
  }
}

function* allButLines(call: Call, input: Input, count: number): Task {
  const end = call.has("z") ? "\0" : "\n";
  const kept: string[] = [];
  for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
    kept.push(input.terminated ? line + end : line);
    if (kept.length > count) call.out.put(kept.shift() ?? "");
  }
}

function* allButBytes(call: Call, input: Input, count: number): Task {
  const all = bytesOf(yield* input.rest());
  if (all.length > count) call.out.put(textOf(all.slice(0, all.length - count)));
}
