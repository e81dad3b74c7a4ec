import { FormatError } from "./format-error.ts";
import type { Json } from "./json.ts";
import { byteLength, bytesOf } from "./text-bytes.ts";

interface Reader {
  readonly text: string;
  at: number;
}

const maxInt64 = 9223372036854775807n;
const minInt64 = -9223372036854775808n;
const numberText = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Reads the JSON value that starts at `from`; `whole` refuses anything after it. Faults are told as Go tells them. */
export function readJson(text: string, from = 0, whole = false): { value: Json; end: number } {
  const reader = { text, at: from };
  skipBlanks(reader);
  const value = readValue(reader);
  const end = reader.at;
  if (whole) {
    skipBlanks(reader);
    if (reader.at < text.length) fail(reader, "after top-level value");
  }
  return { value, end };
}

/** A JSON number: int64 where it is one, otherwise a double; undefined if a double cannot hold it. */
export function jsonNumber(text: string): number | bigint | undefined {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return text === "-0" ? 0 : number;
  if (/^-?\d+$/.test(text)) {
    const whole = BigInt(text);
    if (whole >= minInt64 && whole <= maxInt64) return whole;
  }
  return Number.isFinite(number) ? number : undefined;
}

function fail(reader: Reader, context: string): never {
  const rest = reader.text.slice(reader.at, reader.at + 2);
  if (rest === "") {
    // Inside a word, number or escape Go's scanner meets the end as if it were a blank.
    const says = /in literal|numeric|escape/.test(context) ? `invalid character ' ' ${context}` : undefined;
    throw new FormatError(says ?? "unexpected end of JSON input", byteLength(reader.text), true);
  }
  const byte = bytesOf(String.fromCodePoint(rest.codePointAt(0) ?? 0))[0] ?? 0;
  const offset = byteLength(reader.text.slice(0, reader.at)) + 1;
  throw new FormatError(`invalid character ${quoteByte(byte)} ${context}`, offset);
}

function quoteByte(byte: number): string {
  if (byte === 39) return "'\\''";
  if (byte === 34) return "'\"'";
  const named = "abtnvfr"[byte - 7];
  if (named !== undefined) return `'\\${named}'`;
  if (byte === 92) return "'\\\\'";
  if (byte < 32 || byte === 127) return `'\\x${byte.toString(16).padStart(2, "0")}'`;
  if (byte > 127 && byte < 161) return `'\\u00${byte.toString(16)}'`;
  return `'${String.fromCharCode(byte)}'`;
}

function skipBlanks(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const code = text.charCodeAt(reader.at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    reader.at++;
  }
}

function readValue(reader: Reader): Json {
  const first = reader.text[reader.at];
  if (first === "{") return readObject(reader);
  if (first === "[") return readArray(reader);
  if (first === '"') return readString(reader);
  if (first === "t") return readWord(reader, "true", true);
  if (first === "f") return readWord(reader, "false", false);
  if (first === "n") return readWord(reader, "null", null);
  if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) return readNumber(reader);
  return fail(reader, "looking for beginning of value");
}

function readWord<T>(reader: Reader, word: string, value: T): T {
  for (const letter of word) {
    if (reader.text[reader.at] !== letter) fail(reader, `in literal ${word} (expecting '${letter}')`);
    reader.at++;
  }
  return value;
}

function readNumber(reader: Reader): number | bigint {
  numberText.lastIndex = reader.at;
  const text = numberText.exec(reader.text)?.[0];
  if (text === undefined) {
    reader.at++;
    return fail(reader, "in numeric literal");
  }
  reader.at += text.length;
  const next = reader.text[reader.at];
  if (next === "." && /^-?\d+$/.test(text)) {
    reader.at++;
    fail(reader, "after decimal point in numeric literal");
  }
  if ((next === "e" || next === "E") && !/[eE]/.test(text)) {
    reader.at++;
    if (/[+-]/.test(reader.text[reader.at] ?? "")) reader.at++;
    fail(reader, "in exponent of numeric literal");
  }
  const value = jsonNumber(text);
  if (value === undefined) {
    throw new FormatError(`json: cannot unmarshal number ${text} into Go value of type float64`, reader.at);
  }
  return value;
}

function readString(reader: Reader): string {
  const { text } = reader;
  let out = "";
  let start = ++reader.at;
  for (;;) {
    const code = text.charCodeAt(reader.at);
    if (code === 34) {
      out += text.slice(start, reader.at++);
      return out;
    }
    if (Number.isNaN(code) || code < 32) fail(reader, "in string literal");
    if (code !== 92) {
      reader.at++;
      continue;
    }
    out += text.slice(start, reader.at++);
    out += readEscape(reader);
    start = reader.at;
  }
}

function readEscape(reader: Reader): string {
  const letter = reader.text[reader.at];
  const simple = letter === undefined ? undefined : escapes[letter];
  if (simple !== undefined) {
    reader.at++;
    return simple;
  }
  if (letter !== "u") return fail(reader, "in string escape code");
  reader.at++;
  const first = readHex(reader);
  if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
  // Only a whole pair of surrogates is a character; a half becomes the replacement character.
  const second = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(reader.text.slice(reader.at, reader.at + 6))?.[1];
  if (first > 0xdbff || second === undefined) return "\ufffd";
  reader.at += 6;
  return String.fromCharCode(first, Number.parseInt(second, 16));
}

function readHex(reader: Reader): number {
  const start = reader.at;
  while (reader.at < start + 4) {
    if (!/^[0-9a-fA-F]$/.test(reader.text[reader.at] ?? "")) fail(reader, "in \\u hexadecimal character escape");
    reader.at++;
  }
  return Number.parseInt(reader.text.slice(start, reader.at), 16);
}

function readArray(reader: Reader): Json[] {
  const list: Json[] = [];
  reader.at++;
  skipBlanks(reader);
  if (reader.text[reader.at] === "]") {
    reader.at++;
    return list;
  }
  for (;;) {
    list.push(readValue(reader));
    skipBlanks(reader);
    const next = reader.text[reader.at];
    if (next !== "," && next !== "]") fail(reader, "after array element");
    reader.at++;
    if (next === "]") return list;
    skipBlanks(reader);
  }
}

function readObject(reader: Reader): Json {
  const object: Record<string, Json> = {};
  reader.at++;
  skipBlanks(reader);
  if (reader.text[reader.at] === "}") {
    reader.at++;
    return object;
  }
  for (;;) {
    if (reader.text[reader.at] !== '"') fail(reader, "looking for beginning of object key string");
    const key = readString(reader);
    skipBlanks(reader);
    if (reader.text[reader.at] !== ":") fail(reader, "after object key");
    reader.at++;
    skipBlanks(reader);
    setKey(object, key, readValue(reader));
    skipBlanks(reader);
    const next = reader.text[reader.at];
    if (next !== "," && next !== "}") fail(reader, "after object key:value pair");
    reader.at++;
    if (next === "}") return object;
    skipBlanks(reader);
  }
}

/** Sets a key that may be `__proto__`. */
export function setKey(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
