import { bytesOf } from "../../../base/text-bytes.ts";
import { Fail } from "./fail.ts";
import { quote } from "./quote.ts";

const classes: Readonly<Record<string, (byte: number) => boolean>> = {
  alpha: (b) => isUpper(b) || isLower(b),
  digit: isDigit,
  alnum: (b) => isUpper(b) || isLower(b) || isDigit(b),
  upper: isUpper,
  lower: isLower,
  space: (b) => b === 32 || (b >= 9 && b <= 13),
  blank: (b) => b === 32 || b === 9,
  punct: (b) => b > 32 && b < 127 && !isUpper(b) && !isLower(b) && !isDigit(b),
  print: (b) => b >= 32 && b < 127,
  graph: (b) => b > 32 && b < 127,
  cntrl: (b) => b < 32 || b === 127,
  xdigit: (b) => isDigit(b) || (b >= 65 && b <= 70) || (b >= 97 && b <= 102),
};

function isUpper(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}
function isLower(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}
function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

const simple: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** Reads one of tr's strings: escapes, ranges, classes, [x*n]. `length` is that of the other set, for [x*]. */
export function parseSet(text: string, length: number | undefined): number[] {
  const set: number[] = [];
  const fills: { at: number; byte: number }[] = [];
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; ) {
    const rest = text.length === bytes.length ? text.slice(at) : String.fromCharCode(...bytes.slice(at));
    const group = /^\[([:=])(.*?)\1\]/s.exec(rest);
    if (group?.[1] === ":") {
      const test = classes[group[2] ?? ""];
      if (!test) throw new Fail(`invalid character class ${quote(group[2] ?? "")}`);
      for (let byte = 0; byte < 256; byte++) if (test(byte)) set.push(byte);
      at += group[0].length;
      continue;
    }
    if (group && group[2]?.length === 1) {
      set.push(group[2].charCodeAt(0));
      at += group[0].length;
      continue;
    }
    const repeat = /^\[(\\.|[^\\])\*(\d*)\]/s.exec(rest);
    if (repeat && length === undefined) throw new Fail("the [c*] repeat construct may not appear in string1");
    if (repeat && length !== undefined) {
      const byte = single(bytesOf(repeat[1] ?? ""), 0).byte;
      const digits = repeat[2] ?? "";
      const count = digits.startsWith("0") ? Number.parseInt(digits, 8) : Number(digits);
      if (count > 0) for (let i = 0; i < count; i++) set.push(byte);
      else fills.push({ at: set.length, byte });
      at += repeat[0].length;
      continue;
    }
    at = element(bytes, at, set);
  }
  for (const { at, byte } of fills) set.splice(at, 0, ...Array(Math.max(0, (length ?? 0) - set.length)).fill(byte));
  return set;
}

function element(bytes: Uint8Array, at: number, set: number[]): number {
  const low = single(bytes, at);
  if (bytes[low.next] !== 45 || low.next + 1 >= bytes.length) {
    set.push(low.byte);
    return low.next;
  }
  const high = single(bytes, low.next + 1);
  if (high.byte < low.byte) {
    const written = String.fromCharCode(...bytes.slice(at, high.next));
    throw new Fail(`range-endpoints of '${written}' are in reverse collating sequence order`);
  }
  for (let byte = low.byte; byte <= high.byte; byte++) set.push(byte);
  return high.next;
}

function single(bytes: Uint8Array, at: number): { byte: number; next: number } {
  const byte = bytes[at] ?? 0;
  if (byte !== 92 || at + 1 >= bytes.length) return { byte, next: at + 1 };
  const rest = String.fromCharCode(...bytes.slice(at + 1, at + 4));
  const octal = /^[0-3]?[0-7]{1,2}/.exec(rest);
  if (octal) return { byte: Number.parseInt(octal[0], 8), next: at + 1 + octal[0].length };
  return { byte: simple[rest[0] ?? ""] ?? bytes[at + 1] ?? 0, next: at + 2 };
}
