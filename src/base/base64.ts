const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** What each character stands for; 64 where it is none of the alphabet. */
const values = new Uint8Array(128).fill(64);
for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;

/** Base64 with padding (RFC 4648, section 4). */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    text += ALPHABET.charAt(a >> 2) + ALPHABET.charAt(((a & 3) << 4) | (b >> 4));
    text += i + 1 < bytes.length ? ALPHABET.charAt(((b & 15) << 2) | (c >> 6)) : "=";
    text += i + 2 < bytes.length ? ALPHABET.charAt(c & 63) : "=";
  }
  return text;
}

/** The bytes of base64 text, line breaks skipped; undefined where it is no base64 with right padding. */
export function fromBase64(text: string): Uint8Array | undefined {
  const clean = text.replace(/[\r\n]/g, "");
  if (clean.length % 4 !== 0) return undefined;
  const padding = clean.endsWith("==") ? 2 : clean.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((clean.length / 4) * 3 - padding);
  const end = clean.length - padding;
  let at = 0;
  let group = 0;
  for (let i = 0; i < clean.length; i++) {
    const value = i < end ? (values[clean.charCodeAt(i)] ?? 64) : 0;
    if (value === 64) return undefined;
    group = (group << 6) | value;
    if (i % 4 !== 3) continue;
    bytes[at] = group >> 16;
    if (at + 1 < bytes.length) bytes[at + 1] = group >> 8;
    if (at + 2 < bytes.length) bytes[at + 2] = group;
    at += 3;
    group = 0;
  }
  return bytes;
}

/** The URL-safe form without padding (RFC 4648, section 5), as in a JWT. */
export function base64UrlOf(bytes: Uint8Array): string {
  return base64Of(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64Url(text: string): Uint8Array | undefined {
  const standard = text.replace(/-/g, "+").replace(/_/g, "/");
  return fromBase64(standard + "=".repeat((4 - (standard.length % 4)) % 4));
}
