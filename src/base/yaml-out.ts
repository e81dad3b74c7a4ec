import { FormatError } from "./format-error.ts";
import { goFloat } from "./go-text.ts";
import type { Json, JsonObject } from "./json.ts";
import { compareYamlKeys } from "./yaml-keys.ts";
import { readsAsOther } from "./yaml-scalar.ts";

/** Prints a value as `kubectl -o yaml` does (the style of go-yaml v2). */
export function toYaml(value: Json): string {
  if (isBranch(value)) return block(value, "", false);
  return `${scalar(value, "", 0)}\n`;
}

type Branch = readonly Json[] | JsonObject;

/** A list or map that is not empty, which takes lines of its own. */
function isBranch(value: Json | undefined): value is Branch {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  for (const key in value) if ((value as JsonObject)[key] !== undefined) return true;
  return false;
}

/** The lines of a list or map; `inLine` when the first of them goes on a line that has been begun. */
function block(value: Branch, indent: string, inLine: boolean): string {
  return Array.isArray(value) ? list(value, indent, inLine) : map(value as JsonObject, indent, inLine);
}

function list(items: readonly Json[], indent: string, inLine: boolean): string {
  let out = "";
  const inner = `${indent}  `;
  for (const item of items) {
    out += out === "" && inLine ? "- " : `${indent}- `;
    out += isBranch(item) ? block(item, inner, true) : `${scalar(item, indent, indent.length + 2)}\n`;
  }
  return out;
}

function map(object: JsonObject, indent: string, inLine: boolean): string {
  const keys: string[] = [];
  for (const key in object) if (object[key] !== undefined) keys.push(key);
  if (keys.length > 1) keys.sort(compareYamlKeys);
  let out = "";
  const inner = `${indent}  `;
  for (const key of keys) {
    if (out !== "" || !inLine) out += indent;
    const value = object[key] as Json;
    const explicit = needsQuestionMark(key);
    const name = explicit ? text(key, indent, indent.length + 2) : keyText(key);
    out += explicit ? `? ${name}\n${indent}:` : `${name}:`;
    if (!isBranch(value)) out += ` ${scalar(value, indent, indent.length + (explicit ? 2 : length(name) + 2))}\n`;
    else if (explicit) out += ` ${block(value, inner, true)}`;
    else out += `\n${block(value, Array.isArray(value) ? indent : inner, false)}`;
  }
  return out;
}

/** Keys of more than 128 bytes, or of several lines, are written as `? key`. */
function needsQuestionMark(key: string): boolean {
  if (key.length > 128) return true;
  return breaks.test(key) || (key.length > 42 && encoder.encode(key).length > 128);
}

const encoder = new TextEncoder();
const breaks = /[\n\u2028\u2029]/;
const surrogate = /[\ud800-\udbff]/;

function length(text: string): number {
  return surrogate.test(text) ? [...text].length : text.length;
}

function scalar(value: Json, indent: string, column: number): string {
  if (typeof value === "string") return text(value, indent, column);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : number(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  return String(value);
}

/** Whole numbers that JSON writes without a point are copied while they fit 64 bit; all others are floats. */
function number(value: number): string {
  if (value === 0) return "0";
  const whole = Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63);
  return whole ? String(value) : goFloat(value);
}

const easy = /^[A-Za-z/][A-Za-z0-9/._-]*$/;
const refused = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
const special = /[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** The ways a text could be written, best first. */
function text(value: string, indent: string, column: number): string {
  if (value.length < 60 && easy.test(value) && !readsAsOther(value)) return value;
  const clean = checked(value);
  const shape = shapeOf(clean);
  if (clean.includes("\n")) return shape.literal ? literal(clean, indent) : double(clean, indent, column);
  if (readsAsOther(clean)) return double(clean, indent, column);
  if (shape.plain) return wrap(clean, indent, column, false);
  return shape.single ? single(clean, indent, column) : double(clean, indent, column);
}

function keyText(key: string): string {
  if (easy.test(key) && !readsAsOther(key)) return key;
  const clean = checked(key);
  if (readsAsOther(clean)) return double(clean, "", Number.NaN);
  const shape = shapeOf(clean);
  if (shape.plain) return clean;
  return shape.single ? single(clean, "", Number.NaN) : double(clean, "", Number.NaN);
}

function checked(value: string): string {
  if (refused.test(value)) throw new FormatError("yaml: control characters are not allowed");
  return value.replaceAll("\u0085", " ");
}

/** Which of the styles can hold the text (libyaml's analysis of scalars, seen from outside). */
function shapeOf(value: string): { plain: boolean; single: boolean; literal: boolean } {
  if (special.test(value) || / [\n\u2028\u2029]/.test(value)) return { plain: false, single: false, literal: false };
  const edge = /^[ \n\u2028\u2029]|[ \n\u2028\u2029]$/.test(value);
  const indicator =
    /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \n\u2028\u2029]|$))|:(?:[ \n\u2028\u2029]|$)|[ \n\u2028\u2029]#/.test(
      value,
    );
  const plain = value !== "" && !edge && !indicator && !breaks.test(value);
  return { plain, single: !/[\n\u2028\u2029] /.test(value), literal: !value.endsWith(" ") };
}

const WIDTH = 80;

/**
 * Breaks a text at single blanks after column 80. In quotes (`quoted`) the first and last character stay where they are.
 * A column that is no number means that the text must stay on its line.
 */
function wrap(value: string, indent: string, column: number, quoted: boolean): string {
  if (Number.isNaN(column) || column + value.length <= WIDTH) return value;
  const words = [...value];
  let at = column;
  let out = "";
  for (let i = 0; i < words.length; i++) {
    const character = words[i] as string;
    const inside = !quoted || (i > 0 && i < words.length - 1);
    if (character === " " && at > WIDTH && inside && words[i - 1] !== " " && words[i + 1] !== " ") {
      out += `\n${indent}  `;
      at = indent.length + 2;
      continue;
    }
    out += character;
    at = breaks.test(character) ? 0 : at + 1;
  }
  return out;
}

function single(value: string, indent: string, column: number): string {
  const escaped = value.replaceAll("'", "''");
  return `'${breakLines(wrap(escaped, indent, column + 1, true), indent)}'`;
}

/** U+2028 and U+2029 are line breaks: the indentation follows them. */
function breakLines(value: string, indent: string): string {
  return value.replace(/[\u2028\u2029]+(?=[^\u2028\u2029])/g, (found) => `${found}${indent}  `);
}

const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u00a0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function double(value: string, indent: string, column: number): string {
  const characters = [...value];
  const bom = characters[0] === "\ufeff";
  let at = column + 1;
  let out = '"';
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] as string;
    if (character === " " && at > WIDTH && i > 0 && i < characters.length - 1) {
      out += `\n${indent}  `;
      at = indent.length + 2;
      if (characters[i + 1] !== " ") continue;
      out += "\\";
      at++;
      continue;
    }
    const written = bom ? escaped(character) : inDouble(character);
    out += written;
    at += length(written);
  }
  return `${out}"`;
}

function inDouble(character: string): string {
  return character === '"' || character === "\\" || special.test(character) || breaks.test(character)
    ? escaped(character)
    : character;
}

function escaped(character: string): string {
  const named = escapes[character];
  if (named !== undefined) return named;
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function literal(value: string, indent: string): string {
  const hint = /^[ \n\u2028\u2029]/.test(value) ? "2" : "";
  const chomp = !value.endsWith("\n") ? "-" : value.endsWith("\n\n") || value === "\n" ? "+" : "";
  const lines = value.endsWith("\n") ? value.slice(0, -1).split("\n") : value.split("\n");
  const body = lines.map((line) => (line === "" ? "" : `${indent}  ${line}`)).join("\n");
  return `|${hint}${chomp}\n${body}`;
}
