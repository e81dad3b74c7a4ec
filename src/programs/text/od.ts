import { bytesOf } from "../../base/text-bytes.ts";
import type { Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

interface Format {
  readonly letter: string;
  readonly size: number;
  /** The characters stand at the end of the line too. */
  readonly shown: boolean;
}

/** od: bytes in octal and other forms. */
export const od = tool({
  name: "od",
  usage: "[OPTION]... [FILE]...",
  options: "A,address-radix= j,skip-bytes= N,read-bytes= t,format= v,output-duplicates w,width? a b c d i l o s x h",
  *run(call) {
    const formats = formatsOf(call);
    const radix = call.value("A") ?? "o";
    if (!"doxn".includes(radix) || radix.length !== 1)
      throw new Fail(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
    const width = call.has("w") ? Number(call.value("w") ?? 32) : 16;
    const skip = parseSize(call.value("j") ?? "0") ?? 0;
    const bytes = yield* readAll(call, skip + (parseSize(call.value("N") ?? "") ?? Number.POSITIVE_INFINITY));
    dump(call, bytes.slice(skip), { formats, radix, width, skip });
    return undefined;
  },
});

const letters: Readonly<Record<string, string>> = {
  a: "a",
  b: "o1",
  c: "c",
  d: "u2",
  i: "d4",
  l: "d8",
  o: "o2",
  s: "d2",
  x: "x2",
  h: "x2",
};
const names: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8 };

function formatsOf(call: Call): readonly Format[] {
  const formats: Format[] = [];
  for (const { key, value } of call.given) {
    const spec = key === "t" ? (value ?? "") : letters[key];
    if (spec === undefined) continue;
    let rest = spec;
    while (rest !== "") {
      const found = /^([acdoux])(\d+|[CSIL])?(z?)/.exec(rest);
      if (!found) throw new Fail(`invalid character '${rest[0]}' in type string ${quote(spec)}`);
      const [whole, letter = "", size, shown] = found;
      const bytes = letter === "a" || letter === "c" ? 1 : size === undefined ? 4 : (names[size] ?? Number(size));
      if (![1, 2, 4, 8].includes(bytes))
        throw new Fail(
          `invalid type string ${quote(spec)};\nthis system doesn't provide a ${bytes}-byte integral type`,
        );
      formats.push({ letter, size: bytes, shown: shown !== "" });
      rest = rest.slice(whole.length);
    }
  }
  return formats.length === 0 ? [{ letter: "o", size: 2, shown: false }] : formats;
}

function* readAll(call: Call, most: number): Task<Uint8Array> {
  const parts: number[] = [];
  yield* call.eachFile(call.operands, function* (input) {
    while (parts.length < most) {
      const chunk = yield* input.chunk(Math.min(65_536, most - parts.length));
      if (chunk === undefined) return;
      for (const byte of bytesOf(chunk)) parts.push(byte);
      if (parts.length > 1 << 24) throw new Fail("memory exhausted");
    }
  });
  return Uint8Array.from(parts.slice(0, most));
}

function dump(
  call: Call,
  bytes: Uint8Array,
  how: { formats: readonly Format[]; radix: string; width: number; skip: number },
): void {
  const address = (at: number) => {
    if (how.radix === "n") return "";
    const base = how.radix === "d" ? 10 : how.radix === "x" ? 16 : 8;
    return (at + how.skip).toString(base).padStart(how.radix === "x" ? 6 : 7, "0");
  };
  let before: string | undefined;
  let starred = false;
  for (let at = 0; at < bytes.length; at += how.width) {
    const row = bytes.slice(at, at + how.width);
    const key = row.join();
    if (key === before && row.length === how.width && !call.has("v")) {
      if (!starred) call.out.put("*\n");
      starred = true;
      continue;
    }
    before = key;
    starred = false;
    const widest = Math.max(...how.formats.map((format) => fieldWidth(format) / format.size));
    how.formats.forEach((format, index) => {
      const cells = cellsOf(row, format, widest);
      const full = (how.width / format.size) * widest * format.size;
      const shown = format.shown
        ? `${" ".repeat(full - cells.length)}  >${[...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("")}<`
        : "";
      const start = index === 0 ? address(at) : " ".repeat(address(at).length);
      call.out.put(`${start}${cells}${shown}\n`);
    });
  }
  if (how.radix !== "n") call.out.put(`${address(bytes.length)}\n`);
}

/** A value with the blank before it. */
function fieldWidth({ letter, size }: Format): number {
  if (letter === "a" || letter === "c") return 4;
  const digits: Readonly<Record<string, readonly number[]>> = {
    o: [3, 6, 11, 22],
    x: [2, 4, 8, 16],
    u: [3, 5, 10, 20],
    d: [4, 6, 11, 20],
  };
  return (digits[letter]?.[Math.log2(size)] ?? 3) + 1;
}

function cellsOf(row: Uint8Array, format: Format, perByte: number): string {
  let text = "";
  for (let at = 0; at < row.length; at += format.size) {
    let value = 0n;
    for (let i = format.size - 1; i >= 0; i--) value = (value << 8n) | BigInt(row[at + i] ?? 0);
    text += cell(value, format).padStart(Math.max(fieldWidth(format), Math.round(perByte * format.size)));
  }
  return text;
}

const control =
  "nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp".split(
    " ",
  );
const escapes: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function cell(value: bigint, { letter, size }: Format): string {
  const byte = Number(value);
  if (letter === "c")
    return escapes[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));
  if (letter === "a") return control[byte & 127] ?? ((byte & 127) === 127 ? "del" : String.fromCharCode(byte & 127));
  if (letter === "d") return BigInt.asIntN(size * 8, value).toString();
  if (letter === "u") return value.toString();
  const base = letter === "x" ? 16 : 8;
  const digits = base === 16 ? size * 2 : Math.ceil((size * 8) / 3);
  return value.toString(base).padStart(digits, "0");
}
