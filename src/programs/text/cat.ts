import { bytesOf } from "../../base/text-bytes.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { type Call, sayPlainly, tool } from "./define.ts";
import type { Input } from "./shared/input.ts";

/** cat: copies as it comes; numbers and shows what cannot be seen. */
export const cat = tool({
  name: "cat",
  usage: "[OPTION]... [FILE]...",
  options: "b,number-nonblank n,number s,squeeze-blank v,show-nonprinting E,show-ends T,show-tabs A,show-all e t u",
  *run(call) {
    if (call.given.every(({ key }) => key === "u"))
      yield* call.eachFile(call.operands, (input, name) => copy(call, input, name));
    else {
      const state = { number: 0, blanks: 0, midLine: false };
      yield* call.eachFile(call.operands, (input) => copyLines(call, input, state));
    }
    return undefined;
  },
});

function* copy(call: Call, input: Input, name: string): Task {
  const out = call.proc.fd(1);
  if (out.kind === "file" && out.path !== undefined && name !== "-") {
    const [from, to] = [call.files.find(call.path(name), call.who), call.files.find(out.path, call.who)];
    if (from && to && from.inode === to.inode && from.size > 0) {
      yield* call.warn(`${sayPlainly(name, new Errno("EIO")).split(":")[0]}: input file is output file`);
      return;
    }
  }
  for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
    call.out.put(chunk);
    yield* call.out.flush();
  }
}

function* copyLines(call: Call, input: Input, state: { number: number; blanks: number; midLine: boolean }): Task {
  const visible = call.has("A") || call.has("e") || call.has("t") || call.has("v");
  const ends = call.has("A") || call.has("e") || call.has("E");
  const tabs = call.has("A") || call.has("t") || call.has("T");
  const numbers = call.last("b", "n") ? (call.has("b") ? "b" : "n") : undefined;
  for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
    const blank = line === "" && !state.midLine;
    state.blanks = blank ? state.blanks + 1 : 0;
    if (call.has("s") && state.blanks > 1) continue;
    let text = visible ? show(line) : line;
    if (tabs) text = text.replaceAll("\t", "^I");
    if (numbers && !state.midLine && !(numbers === "b" && blank))
      text = `${String(++state.number).padStart(6)}\t${text}`;
    if (ends && input.terminated) text += "$";
    call.out.put(input.terminated ? `${text}\n` : text);
    state.midLine = !input.terminated;
  }
}

/** ^ and M- notation, tabs and newlines left. */
function show(line: string): string {
  return line.replace(/[^\t\x20-\x7e]+/gu, (part) => [...bytesOf(part)].map(showByte).join(""));
}

function showByte(byte: number): string {
  if (byte >= 128) return `M-${showByte(byte - 128)}`;
  if (byte === 127) return "^?";
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte);
}
