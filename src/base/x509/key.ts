import { p256 } from "@noble/curves/nist.js";
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

export function newKey(random: Random): KeyPair {
  const seed = new Uint8Array(p256.lengths.seed ?? 48);
  for (let i = 0; i < seed.length; i++) seed[i] = random.below(256);
  return keyOf(p256.utils.randomSecretKey(seed));
}

function keyOf(secret: Uint8Array): KeyPair {
  return { secret, publicKey: p256.getPublicKey(secret, false) };
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
  const block = pemBlocks(text, "EC PRIVATE KEY")[0];
  if (!block) return undefined;
  try {
    const secret = der.parse(block).parts[1]?.content;
    return secret?.length === 32 ? keyOf(secret) : undefined;
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
  return p256.sign(message, key.secret, { format, lowS: false });
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
