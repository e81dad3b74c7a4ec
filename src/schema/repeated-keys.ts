import type { Json, JsonObject } from "../base/json.ts";

/** Objects of a JSON text in which a key stands more than once: all their keys and values in the order of the text. */
export type RepeatedKeys = ReadonlyMap<JsonObject, readonly (readonly [string, Json | undefined])[]>;

interface Reader {
  readonly text: string;
  at: number;
  readonly repeated: Map<JsonObject, readonly (readonly [string, Json | undefined])[]>;
}

const stringText = /"(?:[^"\\]|\\.)*"/y;
const scalarText = /[^\s,\]}]+/y;

/** Reads a text that is known to be JSON, noting the objects with repeated keys. The last value of a key counts. */
export function readRepeatedKeys(text: string): { readonly value: Json; readonly repeated: RepeatedKeys } {
  const reader: Reader = { text, at: 0, repeated: new Map() };
  return { value: readValue(reader), repeated: reader.repeated };
}

function readValue(reader: Reader): Json {
  skipBlanks(reader);
  const first = reader.text[reader.at];
  if (first === "{") return readObject(reader);
  if (first === "[") return readList(reader);
  if (first === '"') return readText(reader);
  scalarText.lastIndex = reader.at;
  const word = scalarText.exec(reader.text)?.[0] ?? "null";
  reader.at += word.length;
  const value: Json = JSON.parse(word);
  return /^-?\d+$/.test(word) && !Number.isSafeInteger(value) ? BigInt(word) : value;
}

function readText(reader: Reader): string {
  stringText.lastIndex = reader.at;
  const text = stringText.exec(reader.text)?.[0] ?? '""';
  reader.at += text.length;
  return JSON.parse(text);
}

function readList(reader: Reader): Json[] {
  const list: Json[] = [];
  reader.at++;
  while (next(reader, "]")) list.push(readValue(reader));
  return list;
}

function readObject(reader: Reader): JsonObject {
  const entries: [string, Json][] = [];
  reader.at++;
  while (next(reader, "}")) {
    const key = readText(reader);
    skipBlanks(reader);
    reader.at++;
    entries.push([key, readValue(reader)]);
  }
  const object = Object.fromEntries(entries);
  if (Object.keys(object).length < entries.length) reader.repeated.set(object, entries);
  return object;
}

/** Whether another member follows; the comma before it, or the end, is passed. */
function next(reader: Reader, end: string): boolean {
  skipBlanks(reader);
  const letter = reader.text[reader.at];
  if (letter === "," || letter === end || letter === undefined) reader.at++;
  skipBlanks(reader);
  return letter !== end && letter !== undefined;
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? "")) reader.at++;
}
