import { p256 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { Random } from "../random.ts";
import * as der from "./der.ts";
import { pemBlocks, pemOf } from "./pem.ts";

/** A P-256 key pair; signatures are deterministic (RFC 6979), so the same world has the same certificates. */
export interface KeyPair {
  readonly secret: Uint8Array;
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array;
}

const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const P256 = "1.2.840.10045.3.1.7";
const RSA = "1.2.840.113549.1.1.1";

export function newKey(random: Random): KeyPair {
  const seed = new Uint8Array(p256.lengths.seed ?? 48);
  for (let i = 0; i < seed.length; i++) seed[i] = random.below(256);
  return keyOf(p256.utils.randomSecretKey(seed));
}

function keyOf(secret: Uint8Array): KeyPair {
  return { secret, publicKey: timesBase(secret) };
}

/** The curve's base point times a number, as an uncompressed point. */
let timesBase = (secret: Uint8Array): Uint8Array => p256.getPublicKey(secret, false);

/** Takes a native multiplication from the host that the lab runs on: the same points, a hundred times sooner at first. */
export function lendCurve(multiply: (secret: Uint8Array) => Uint8Array): void {
  timesBase = multiply;
}

/** SEC 1 form, as kubeadm writes ECDSA keys. */
export function keyToPem(key: KeyPair): string {
  return pemOf(
    "EC PRIVATE KEY",
    der.sequence(
      der.integer(Uint8Array.of(1)),
      der.octets(key.secret),
      der.context(0, der.oid(P256)),
      der.context(1, der.bits(key.publicKey)),
    ),
  );
}

/** The key in a PEM text, undefined where there is none that can be read. */
export function keyFromPem(text: string): KeyPair | undefined {
  const block = pemBlocks(text, "EC PRIVATE KEY")[0] ?? wrappedKey(text, EC_PUBLIC_KEY);
  if (!block) return undefined;
  try {
    const secret = der.parse(block).parts[1]?.content;
    return secret?.length === 32 ? keyOf(secret) : undefined;
  } catch {
    return undefined;
  }
}

/** The key inside of a PKCS #8 block of an algorithm, as openssl writes keys since 3.0. */
export function wrappedKey(text: string, algorithm: string): Uint8Array | undefined {
  const block = pemBlocks(text, "PRIVATE KEY")[0];
  if (!block) return undefined;
  try {
    const [, kind, inner] = der.parse(block).parts;
    return kind?.parts[0] && der.dottedOid(kind.parts[0].content) === algorithm ? inner?.content : undefined;
  } catch {
    return undefined;
  }
}

/** What a certificate holds as the public key of a private one: a point, or of an RSA key its modulus and exponent. */
export function publicPartOf(text: string): Uint8Array | undefined {
  const rsa = pemBlocks(text, "RSA PRIVATE KEY")[0] ?? wrappedKey(text, RSA);
  if (!rsa) return keyFromPem(text)?.publicKey;
  try {
    const [, modulus, exponent] = der.parse(rsa).parts;
    return modulus && exponent ? der.sequence(modulus.whole, exponent.whole) : undefined;
  } catch {
    return undefined;
  }
}

/** SubjectPublicKeyInfo. */
export function publicKeyInfo(publicKey: Uint8Array): der.Der {
  return der.sequence(der.sequence(der.oid(EC_PUBLIC_KEY), der.oid(P256)), der.bits(publicKey));
}

export function publicKeyToPem(key: KeyPair): string {
  return pemOf("PUBLIC KEY", publicKeyInfo(key.publicKey));
}

/** ECDSA with SHA-256; "der" as in certificates, "compact" (r and s, 64 bytes) as in a JWT. */
export function sign(key: KeyPair, message: Uint8Array, format: "der" | "compact"): Uint8Array {
  const { n } = p256.Point.CURVE();
  const hash = sha256(message);
  const z = numberOf(hash);
  for (const nonce of nonces(key.secret, bytesOfNumber(z % n))) {
    const k = numberOf(nonce);
    if (k === 0n || k >= n) continue;
    const r = numberOf(timesBase(nonce).subarray(1, 33)) % n;
    const s = (p256.Point.Fn.inv(k) * (z + r * numberOf(key.secret))) % n;
    if (r !== 0n && s !== 0n) return new p256.Signature(r, s).toBytes(format);
  }
  throw new Error("no nonce fits");
}

/** The candidates for k that follow from a key and a hash (RFC 6979, 3.2). */
function* nonces(secret: Uint8Array, hash: Uint8Array): Generator<Uint8Array> {
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let k: Uint8Array = new Uint8Array(32);
  for (const mark of [0, 1]) {
    k = hmac(sha256, k, concatBytes(v, Uint8Array.of(mark), secret, hash));
    v = hmac(sha256, k, v);
  }
  for (;;) {
    v = hmac(sha256, k, v);
    yield v;
    k = hmac(sha256, k, concatBytes(v, Uint8Array.of(0)));
    v = hmac(sha256, k, v);
  }
}

function numberOf(bytes: Uint8Array): bigint {
  let hex = "0x";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

function bytesOfNumber(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(64, "0");
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  format: "der" | "compact",
): boolean {
  try {
    return p256.verify(signature, message, publicKey, { format, lowS: false });
  } catch {
    return false;
  }
}
