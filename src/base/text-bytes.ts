/**
 * Streams and files hold text. Bytes that are no UTF-8 stand in it as the lone surrogates U+DC80 to U+DCFF (as in
 * Python's surrogateescape), so that text stays text and binary data passes through pipes and files unharmed.
 */
export function bytesOf(text: string): Uint8Array {
  if (isAscii(text)) {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** The text of `bytes`; what is no UTF-8 becomes lone surrogates that `bytesOf` turns back into the same bytes. */
export function textOf(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 0x80)) return asciiOf(bytes);
  const parts: string[] = [];
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const [code, length] = decodeAt(bytes, i);
    text += String.fromCodePoint(code);
    i += length;
    if (text.length > 8192) {
      parts.push(text);
      text = "";
    }
  }
  parts.push(text);
  return parts.join("");
}

function asciiOf(bytes: Uint8Array): string {
  const PIECE = 8192;
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return text;
}

/** How many bytes the text stands for. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : bytesOf(text).length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function decodeAt(bytes: Uint8Array, i: number): [code: number, length: number] {
  const first = bytes[i] as number;
  if (first < 0x80) return [first, 1];
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || first > 0xf4 || i + length > bytes.length) return [0xdc00 + first, 1];
  let code = first & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes[i + k] as number;
    if ((next & 0xc0) !== 0x80) return [0xdc00 + first, 1];
    code = (code << 6) | (next & 63);
  }
  const tooSmall = (length === 3 && code < 0x800) || (length === 4 && (code < 0x10000 || code > 0x10ffff));
  if (tooSmall || (code >= 0xd800 && code < 0xe000)) return [0xdc00 + first, 1];
  return [code, length];
}
