import { bytesOf } from "../../base/text-bytes.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { parseSize } from "./shared/size.ts";

/** cmp: where two files first differ. */
export const cmp = tool({
  name: "cmp",
  from: "(GNU diffutils) 3.8",
  usage: "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]",
  options: "b,print-bytes i,ignore-initial= l,verbose n,bytes= s,quiet,silent",
  trouble: 2,
  misused: (name) => `${name}: Try '${name} --help' for more information.`,
  *run(call) {
    const [left, right = "-"] = call.operands;
    if (left === undefined) throw call.misuse(`missing operand after 'cmp'`);
    const limit = parseSize(call.value("n") ?? "") ?? Number.POSITIVE_INFINITY;
    const [skipLeft = "0", skipRight = skipLeft] = (
      call.value("i") ?? `${call.operands[2] ?? 0}:${call.operands[3] ?? 0}`
    ).split(":");
    const a = (yield* bytes(call, left)).slice(parseSize(skipLeft) ?? 0);
    const b = (yield* bytes(call, right)).slice(parseSize(skipRight) ?? 0);
    return yield* compare(call, [left, right], a, b, Math.min(limit, a.length, b.length), limit);
  },
});

function* bytes(call: Call, name: string): Task<Uint8Array> {
  try {
    const input = call.open(name);
    const read = bytesOf(yield* input.rest());
    input.close();
    return read;
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`${name}: ${error.message}`);
    throw error;
  }
}

function* compare(
  call: Call,
  names: [string, string],
  a: Uint8Array,
  b: Uint8Array,
  length: number,
  limit: number,
): Task<number> {
  let line = 1;
  let differ = false;
  for (let at = 0; at < length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    if (x !== y) {
      if (call.has("s")) return 1;
      if (!call.has("l")) {
        const shown = call.has("b") ? ` is ${octal(x)} ${visible(x)} ${octal(y)} ${visible(y)}` : "";
        call.out.put(`${names[0]} ${names[1]} differ: byte ${at + 1}, line ${line}${shown}\n`);
        return 1;
      }
      differ = true;
      const width = String(Math.min(a.length, b.length)).length;
      call.out.put(`${String(at + 1).padStart(width)} ${octal(x)} ${octal(y)}\n`);
    }
    if (x === 10) line++;
    if ((at & 63) === 0 && call.proc.tick()) yield undefined;
  }
  if (length === limit || a.length === b.length) return differ ? 1 : 0;
  if (call.has("s")) return 1;
  const [shorter, content] = a.length < b.length ? [names[0], a] : [names[1], b];
  if (content.length === 0) yield* call.warn(`EOF on ${shorter} which is empty`);
  else {
    const lines = content[content.length - 1] === 10 ? `line ${line - 1}` : `in line ${line}`;
    yield* call.warn(`EOF on ${shorter} after byte ${content.length}${call.has("l") ? "" : `, ${lines}`}`);
  }
  return 1;
}

function octal(byte: number): string {
  return byte.toString(8).padStart(3);
}

function visible(byte: number): string {
  if (byte >= 128) return `M-${visible(byte - 128)}`;
  if (byte === 127) return "^?";
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte);
}
