import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";

/** xxd: bytes in hexadecimal, and back. */
export const xxd = tool({
  name: "xxd",
  usage: "[options] [infile [outfile]]",
  options: "a b c= g= l= p r s= u i E e",
  rewrite: (argv) => argv.map((word) => (/^-ps$|^-plain$|^-postscript$/.test(word) ? "-p" : word)),
  *run(call) {
    const unknown = call.last("b", "i", "E", "e");
    if (unknown) throw new Fail(`-${unknown} is not simulated`);
    const bytes = yield* read(call, call.operands[0] ?? "-");
    if (call.has("r")) {
      call.out.put(textOf(call.has("p") ? fromPlain(bytes) : fromDump(bytes)));
      return undefined;
    }
    const skip = Number(call.value("s") ?? 0);
    const part = bytes.slice(skip, call.has("l") ? skip + Number(call.value("l")) : undefined);
    const columns = Number(call.value("c") ?? (call.has("p") ? 30 : 16));
    for (let at = 0; at < part.length; at += columns) {
      const row = part.slice(at, at + columns);
      call.out.put(call.has("p") ? `${hexOf(call, row)}\n` : line(call, skip + at, row, columns));
    }
    return undefined;
  },
});

function* read(call: Call, name: string): Task<Uint8Array> {
  try {
    return bytesOf(yield* call.open(name).rest());
  } catch (error) {
    if (error instanceof Errno) throw new Fail(`${name}: ${error.message}`, 2);
    throw error;
  }
}

function hexOf(call: Call, row: Uint8Array): string {
  const text = [...row].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return call.has("u") ? text.toUpperCase() : text;
}

function line(call: Call, at: number, row: Uint8Array, columns: number): string {
  const group = Number(call.value("g") ?? 2) || columns;
  const hex = hexOf(call, row);
  const parts: string[] = [];
  for (let i = 0; i < row.length; i += group) parts.push(hex.slice(2 * i, 2 * (i + group)));
  const width = columns * 2 + Math.ceil(columns / group) - 1;
  const shown = [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
  return `${at.toString(16).padStart(8, "0")}: ${parts.join(" ").padEnd(width)}  ${shown}\n`;
}

function fromPlain(bytes: Uint8Array): Uint8Array {
  const digits = String.fromCharCode(...bytes).replace(/[^0-9a-fA-F]/g, "");
  return Uint8Array.from((digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

function fromDump(bytes: Uint8Array): Uint8Array {
  const result: number[] = [];
  for (const row of textOf(bytes).split("\n")) {
    const found = /^([0-9a-fA-F]+): ?((?:[0-9a-fA-F]{2,} ?)+)/.exec(row);
    if (!found) continue;
    let at = Number.parseInt(found[1] ?? "0", 16);
    for (const pair of (found[2] ?? "").replace(/ /g, "").match(/../g) ?? []) result[at++] = Number.parseInt(pair, 16);
  }
  return Uint8Array.from(result);
}
