import { daysInMonth } from "./time.ts";

/** What go-yaml v2 makes of an unquoted text: YAML 1.1, with exceptions of its own. */
export type Resolved =
  | { readonly tag: "null" | "str" | "merge" | "timestamp" }
  | { readonly tag: "bool"; readonly value: boolean }
  | { readonly tag: "int"; readonly value: bigint }
  | { readonly tag: "float"; readonly value: number };

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...spelled(["null", "Null", "NULL", "~", ""], { tag: "null" }),
  ...spelled(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"], { tag: "bool", value: true }),
  ...spelled(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"], {
    tag: "bool",
    value: false,
  }),
  ...spelled([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], { tag: "float", value: Number.POSITIVE_INFINITY }),
  ...spelled(["-.inf", "-.Inf", "-.INF"], { tag: "float", value: Number.NEGATIVE_INFINITY }),
  ...spelled([".nan", ".NaN", ".NAN"], { tag: "float", value: Number.NaN }),
  ["<<", { tag: "merge" }],
]);

function spelled(texts: readonly string[], resolved: Resolved): [string, Resolved][] {
  return texts.map((text) => [text, resolved]);
}

const string: Resolved = { tag: "str" };
const mayBeNumber = /^[-+.0-9]/;
const floatText = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const maxInt64 = 9_223_372_036_854_775_807n;
const maxUint64 = 18_446_744_073_709_551_615n;

/** Resolves a plain scalar. */
export function resolveScalar(text: string): Resolved {
  const word = words.get(text);
  if (word) return word;
  if (!mayBeNumber.test(text)) return string;
  if (isTimestamp(text)) return { tag: "timestamp" };
  const plain = text.replaceAll("_", "");
  const whole = readInteger(plain);
  if (whole !== undefined) return { tag: "int", value: whole };
  const value = floatText.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) && !(text[0] === "." && !/^\.\d/.test(text)) ? { tag: "float", value } : string;
}

/** Whether a text, written plainly, would be read back as something other than this text. */
export function readsAsOther(text: string): boolean {
  const word = words.get(text);
  if (word) return word.tag !== "merge";
  return mayBeNumber.test(text) && (resolveScalar(text).tag !== "str" || base60.test(text));
}

/** The integer that a text without underscores spells, if it fits 64 bit. */
function readInteger(text: string): bigint | undefined {
  const parts = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (!parts) return undefined;
  const [, sign, hex, binary, octal, decimal] = parts;
  const size = BigInt(hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : (decimal ?? "0"));
  if (sign === "-") return size <= maxInt64 + 1n ? -size : undefined;
  return size <= (sign === "" ? maxUint64 : maxInt64) ? size : undefined;
}

const dateText = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const timeText =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[tT](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?)$/;

function isTimestamp(text: string): boolean {
  const parts = dateText.exec(text) ?? timeText.exec(text);
  if (!parts) return false;
  const [year = 0, month = 0, day = 0] = parts.slice(1, 4).map(Number);
  const [hour, minute, second] = [parts[4] ?? parts[7], parts[5] ?? parts[8], parts[6] ?? parts[9]].map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  return !((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59);
}
