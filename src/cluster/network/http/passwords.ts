import { md5, sha1 } from "@noble/hashes/legacy.js";
import { base64Of } from "../../../base/base64.ts";
import { bytesOf } from "../../../base/text-bytes.ts";

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Whether a password is the one of a line of an htpasswd file: $apr1$, {SHA}, {PLAIN} and plain text; other ways fit nothing. */
export function passwordFits(stored: string, password: string): boolean {
  if (stored.startsWith("$apr1$")) {
    const salt = stored.split("$")[2] ?? "";
    return stored === apr1(password, salt);
  }
  if (stored.startsWith("{SHA}")) return stored === `{SHA}${base64Of(sha1(bytesOf(password)))}`;
  if (stored.startsWith("{PLAIN}")) return stored.slice("{PLAIN}".length) === password;
  return !stored.startsWith("$") && stored === password;
}

/** The passwords of an htpasswd file, by user. */
export function passwordsIn(text: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0 && !line.startsWith("#")) users.set(line.slice(0, colon), line.slice(colon + 1).trimEnd());
  }
  return users;
}

/** MD5 as Apache stretches it (apr_md5_encode). */
function apr1(password: string, salt: string): string {
  const [secret, salted] = [bytesOf(password), bytesOf(salt)];
  const inner = md5(joined(secret, salted, secret));
  const start: Uint8Array[] = [secret, bytesOf("$apr1$"), salted];
  for (let left = secret.length; left > 0; left -= 16) start.push(inner.subarray(0, Math.min(16, left)));
  for (let i = secret.length; i > 0; i >>= 1) start.push((i & 1) === 1 ? Uint8Array.of(0) : secret.subarray(0, 1));
  let hash = md5(joined(...start));
  for (let round = 0; round < 1000; round++) {
    const parts = [(round & 1) === 1 ? secret : hash];
    if (round % 3 !== 0) parts.push(salted);
    if (round % 7 !== 0) parts.push(secret);
    parts.push((round & 1) === 1 ? hash : secret);
    hash = md5(joined(...parts));
  }
  const at = (i: number) => hash[i] ?? 0;
  let text = "";
  const group = (value: number, count: number) => {
    for (let i = 0; i < count; i++) text += ALPHABET.charAt((value >> (6 * i)) & 0x3f);
  };
  for (let i = 0; i < 5; i++) group((at(i) << 16) | (at(i + 6) << 8) | at(i === 4 ? 5 : i + 12), 4);
  group(at(11), 2);
  return `$apr1$${salt}$${text}`;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
