/** The order of the C locales: byte by byte, which for UTF-8 is the order of code points. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    return x < 0xd800 && y < 0xd800 ? x - y : weight(a, i) - weight(b, i);
  }
  return a.length - b.length;
}

/** Where a code unit stands: an escaped byte among the first bytes of UTF-8, a surrogate above the rest of the plane. */
function weight(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0xdc80 && code <= 0xdcff && !(text.charCodeAt(at - 1) >= 0xd800 && text.charCodeAt(at - 1) < 0xdc00)) {
    const byte = code - 0xdc00;
    if (byte < 0xc2) return 0x7f + byte / 256;
    return byte < 0xe0 ? (byte & 31) << 6 : byte < 0xf0 ? (byte & 15) << 12 : (byte & 7) << 18;
  }
  return code >= 0xd800 && code < 0xe000 ? 0x10000 + code : code;
}
