import { concatBytes } from "@noble/hashes/utils.js";
import { bytesOf, textOf } from "../text-bytes.ts";

/** DER, the encoding of certificates (X.690): just the types that X.509 and keys are made of. */
export type Der = Uint8Array;

export function tagged(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = concatBytes(...content);
  const length: number[] = [];
  if (body.length < 128) length.push(body.length);
  else {
    for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
    length.unshift(0x80 | length.length);
  }
  return concatBytes(Uint8Array.from([tag, ...length]), body);
}

export const sequence = (...items: readonly Der[]): Der => tagged(0x30, ...items);
export const set = (...items: readonly Der[]): Der => tagged(0x31, ...items);
export const octets = (bytes: Uint8Array): Der => tagged(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0): Der => tagged(0x03, Uint8Array.from([unused]), bytes);
export const boolean = (value: boolean): Der => tagged(0x01, Uint8Array.from([value ? 0xff : 0]));
export const utf8 = (text: string): Der => tagged(0x0c, bytesOf(text));
/** [n] of a constructed type. */
export const context = (n: number, ...content: readonly Der[]): Der => tagged(0xa0 | n, ...content);
/** [n] of a primitive type. */
export const contextPrimitive = (n: number, bytes: Uint8Array): Der => tagged(0x80 | n, bytes);

/** A whole number that is not negative, given as its bytes, most significant first. */
export function integer(bytes: Uint8Array): Der {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const body = bytes.subarray(start);
  return (body[0] ?? 0) >= 0x80
    ? tagged(0x02, Uint8Array.from([0]), body)
    : tagged(0x02, body.length ? body : Uint8Array.of(0));
}

/** An object identifier in dotted form. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const group = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) group.unshift(0x80 | (left % 128));
    bytes.push(...group);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

/** A parsed value: its tag, its content, and its parts where it is constructed. `whole` is its own encoding. */
export interface Node {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
  readonly parts: readonly Node[];
}

/** Parses one value. Throws Error for what is no DER. */
export function parse(bytes: Uint8Array): Node {
  const [node] = parseAt(bytes, 0);
  return node;
}

function parseAt(bytes: Uint8Array, at: number): [node: Node, next: number] {
  const tag = bytes[at];
  let length = bytes[at + 1];
  if (tag === undefined || length === undefined) throw new Error("asn1: syntax error: data truncated");
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new Error("asn1: syntax error: data truncated");
  const parts: Node[] = [];
  if (tag & 0x20)
    for (let next = start; next < end; ) {
      const [part, after] = parseAt(bytes, next);
      parts.push(part);
      next = after;
    }
  return [{ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end), parts }, end];
}

/** The dotted form of an object identifier's content. */
export function dottedOid(content: Uint8Array): string {
  const numbers = [Math.floor((content[0] ?? 0) / 40), (content[0] ?? 0) % 40];
  let value = 0;
  for (const byte of content.subarray(1)) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  return numbers.join(".");
}

export const textIn = (node: Node): string => textOf(node.content);
