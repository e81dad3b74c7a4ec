import { bytesOf } from "../../base/text-bytes.ts";
import { Errno } from "../../machine/define.ts";
import { Fail, tool } from "./define.ts";

/** hexdump: bytes in hexadecimal; -C with their characters. */
export const hexdump = tool({
  name: "hexdump",
  also: ["hd"],
  from: "from util-linux 2.38.1",
  usage: "[options] <file>...",
  options: "C,canonical n,length= s,skip= v,no-squeezing x,two-bytes-hex",
  *run(call) {
    const bytes: number[] = [];
    let opened = 0;
    for (const name of call.operands.length === 0 ? ["-"] : call.operands) {
      try {
        const input = call.open(name);
        for (const byte of bytesOf(yield* input.rest())) bytes.push(byte);
        opened++;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* call.warn(`${name}: ${error.message}`);
      }
    }
    if (opened === 0) throw new Fail("all input file arguments failed");
    const skip = Number(call.value("s") ?? 0);
    const part = bytes.slice(skip, call.has("n") ? skip + Number(call.value("n")) : undefined);
    const canonical = call.has("C") || call.name === "hd";
    const address = (at: number) => (skip + at).toString(16).padStart(canonical ? 8 : 7, "0");
    let before: string | undefined;
    let starred = false;
    for (let at = 0; at < part.length; at += 16) {
      const row = part.slice(at, at + 16);
      if (row.join() === before && row.length === 16 && !call.has("v")) {
        if (!starred) call.out.put("*\n");
        starred = true;
        continue;
      }
      before = row.join();
      starred = false;
      call.out.put(address(at) + (canonical ? canonicalRow(row) : words(row, call.has("x") ? 7 : 4)));
    }
    if (part.length > 0) call.out.put(`${address(part.length)}\n`);
    return undefined;
  },
});

function canonicalRow(row: readonly number[]): string {
  const hex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const shown = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
  return `  ${hex(row.slice(0, 8)).padEnd(23)}  ${hex(row.slice(8)).padEnd(23)}  |${shown}|\n`;
}

function words(row: readonly number[], width: number): string {
  let text = "";
  for (let at = 0; at < 16; at += 2) {
    const word = at < row.length ? ((row[at] ?? 0) | ((row[at + 1] ?? 0) << 8)).toString(16).padStart(4, "0") : "";
    text += ` ${width === 4 ? word.padEnd(4) : (word === "" ? "" : `   ${word}`).padEnd(7)}`;
  }
  return `${text}\n`;
}
