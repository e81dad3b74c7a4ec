import { compareBytes } from "../shared/byte-order.ts";
import { compareVersions } from "../shared/version-order.ts";
import { isWholeLine, type Key, keyText } from "./key.ts";

type Compare = (a: string, b: string) => number;

/** Compares lines by the keys, then (unless stable) as a whole. */
export function lineComparison(
  keys: readonly Key[],
  seed: number,
  options: { reverse: boolean; stable: boolean },
): Compare {
  const comparisons = keys.map((key) => keyComparison(key, seed));
  const [only] = keys;
  const plain =
    keys.length === 1 &&
    only?.kind === "text" &&
    isWholeLine(only) &&
    !only.fold &&
    !only.dictionary &&
    !only.printable;
  if (plain) return options.reverse ? (a, b) => -compareBytes(a, b) : compareBytes;
  return (a, b) => {
    for (const compare of comparisons) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    if (options.stable) return 0;
    return options.reverse ? -compareBytes(a, b) : compareBytes(a, b);
  };
}

function keyComparison(key: Key, seed: number): Compare {
  const compare = textComparison(key, seed);
  const sign = key.reverse ? -1 : 1;
  return (a, b) => sign * compare(keyText(a, key), keyText(b, key));
}

function textComparison(key: Key, seed: number): Compare {
  switch (key.kind) {
    case "n":
      return compareNumbers;
    case "g":
      return (a, b) => byNumber(general(a), general(b));
    case "h":
      return compareHuman;
    case "M":
      return (a, b) => month(a) - month(b);
    case "R":
      return (a, b) => hash(a, seed) - hash(b, seed);
    case "V":
      return compareVersions;
    case "text":
      return (a, b) => compareBytes(prepared(a, key), prepared(b, key));
  }
}

/** -R: equal texts stay together, in an order of chance. */
function hash(text: string, seed: number): number {
  let sum = seed;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x5bd1e995) >>> 0;
  return Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) >>> 0;
}

function prepared(text: string, { fold, dictionary, printable }: Key): string {
  let shown = text;
  if (dictionary) shown = shown.replace(/[^ \tA-Za-z0-9]/g, "");
  else if (printable) shown = shown.replace(/[^ -~]/g, "");
  return fold ? shown.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : shown;
}

const decimal = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/;

/** -n: as long as it takes, without ever becoming a float. */
function compareNumbers(a: string, b: string): number {
  const [, signA = "", wholeA = "", partA = ""] = decimal.exec(a) ?? [];
  const [, signB = "", wholeB = "", partB = ""] = decimal.exec(b) ?? [];
  const magnitude = compareMagnitudes(wholeA, partA, wholeB, partB);
  const zeroA = isZero(wholeA + partA);
  const zeroB = isZero(wholeB + partB);
  const x = zeroA ? 0 : signA === "-" ? -1 : 1;
  const y = zeroB ? 0 : signB === "-" ? -1 : 1;
  if (x !== y) return x - y;
  return x < 0 ? -magnitude : magnitude;
}

function isZero(digits: string): boolean {
  return /^0*$/.test(digits);
}

function compareMagnitudes(wholeA: string, partA: string, wholeB: string, partB: string): number {
  const a = wholeA.replace(/^0+/, "");
  const b = wholeB.replace(/^0+/, "");
  if (a.length !== b.length) return a.length - b.length;
  if (a !== b) return a < b ? -1 : 1;
  const [x, y] = [partA.replace(/0+$/, ""), partB.replace(/0+$/, "")];
  return x < y ? -1 : x > y ? 1 : 0;
}

const suffixes = "KMGTPEZY";

function compareHuman(a: string, b: string): number {
  const order = (text: string) => {
    const found = /^[ \t]*(-?)[\d.]+([kKMGTPEZY]?)/.exec(text);
    if (!found || isZero(found[0].replace(/[^\d]/g, ""))) return 0;
    const power = found[2] === "" ? 1 : suffixes.indexOf((found[2] ?? "").toUpperCase()) + 2;
    return found[1] === "-" ? -power : power;
  };
  return order(a) - order(b) || compareNumbers(a, b);
}

/** strtod(3): what is no number comes first, then NaN. */
function general(text: string): number {
  const found =
    /^[ \t]*([-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan|0[xX][0-9a-fA-F]+))/i.exec(
      text,
    )?.[1];
  if (found === undefined) return Number.NaN;
  if (/inf/i.test(found)) return found.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(found);
}

function byNumber(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : a > b ? 1 : 0;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

function month(text: string): number {
  return months.indexOf(text.trimStart().slice(0, 3).toUpperCase()) + 1;
}
