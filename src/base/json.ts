import { readJson } from "./json-reader.ts";

/**
 * JSON as it travels through the cluster. Whole numbers that a double cannot hold (up to 64 bit) are bigint; every
 * other number is a number. Objects in the store are frozen; whoever wants to change one copies the levels it changes.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** How `toJson` writes: on one line or indented by so many blanks; keys in their order or sorted by bytes. */
export interface JsonStyle {
  readonly indent?: number;
  readonly sortKeys?: boolean;
}

/** What the engine's own parser reads otherwise than Go: long integers, -0, halves of surrogates, huge exponents. */
const needsCare = /\d{16}|-0(?![.\d])|\\u[dD]|[eE]\+?\d{3}/;

/** Reads one JSON text as Go's encoding/json does; throws a FormatError with Go's words. */
export function parseJson(text: string): Json {
  if (!needsCare.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // Read again below, for Go's words.
    }
  }
  return readJson(text, 0, true).value;
}

/** Order of two texts by their UTF-8 bytes, which is the order of their code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all of the basic plane.
    return x >= 0xd800 && y >= 0xd800 ? (x >= 0xe000 ? x - 0x3000 : x) - (y >= 0xe000 ? y - 0x3000 : y) : x - y;
  }
  return a.length - b.length;
}

/** The keys that have a value, ordered by bytes as Go orders strings. */
export function sortedKeys(object: JsonObject): string[] {
  const keys: string[] = [];
  for (const key in object) if (object[key] !== undefined) keys.push(key);
  return keys.length > 1 ? keys.sort(compareText) : keys;
}

/** The keys that either object has a value for, sorted. */
export function allKeys(one: JsonObject, other: JsonObject): string[] {
  return [...new Set([...sortedKeys(one), ...sortedKeys(other)])].sort(compareText);
}

/** Writes JSON as Go's encoding/json does: `<`, `>`, `&` escaped, floats in their shortest form. No newline at the end. */
export function toJson(value: Json, style: JsonStyle = {}): string {
  const step = " ".repeat(style.indent ?? 0);
  return write(value, step, step === "" ? "" : "\n", style.sortKeys === true);
}

/** `line` is a newline and the indentation of the level, or nothing if all goes on one line. */
function write(value: Json, step: string, line: string, sort: boolean): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  const inner = line + step;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    let list = "";
    for (const item of value) list += `${list === "" ? "[" : ","}${inner}${write(item, step, inner, sort)}`;
    return `${list}${line}]`;
  }
  const object = value as JsonObject;
  const colon = step === "" ? ":" : ": ";
  let map = "";
  for (const key of keysInOrder(object, sort)) {
    const item = object[key];
    if (item === undefined) continue;
    map += `${map === "" ? "{" : ","}${inner}${quote(key)}${colon}${write(item, step, inner, sort)}`;
  }
  return map === "" ? "{}" : `${map}${line}}`;
}

/** Objects with keys like "10" come from Go maps, which are sorted; JavaScript has put such keys first. */
function keysInOrder(object: JsonObject, sort: boolean): readonly string[] {
  if (sort) return sortedKeys(object);
  const keys = Object.keys(object);
  const first = keys[0]?.charCodeAt(0) ?? 0;
  return first >= 48 && first <= 57 && keys.length > 1 ? sortedKeys(object) : keys;
}

const plain = /^[ !#-%'-;=?-[\]-\u2027\u202a-\ud7ff\ue000-\uffff]*$/;
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text.replace(lone, "\ufffd")).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
