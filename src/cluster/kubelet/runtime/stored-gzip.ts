import { bytesOf, textOf } from "../../../base/text-bytes.ts";

const BLOCK = 65_535;

/** A text as a gzip file (RFC 1952) whose blocks are stored as they are. */
export function storedGzip(text: string): string {
  const bytes = bytesOf(text);
  const out = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK) {
    const part = bytes.subarray(at, at + BLOCK);
    const { length } = part;
    out.push(at + BLOCK >= bytes.length ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255);
    for (const byte of part) out.push(byte);
  }
  for (const word of [checksum(bytes), bytes.length])
    out.push(word & 255, (word >> 8) & 255, (word >> 16) & 255, (word >>> 24) & 255);
  return textOf(Uint8Array.from(out));
}

/** CRC-32 as gzip has it. */
function checksum(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum;
}
