import * as der from "./der.ts";
import { verify } from "./key.ts";
import { type HashName, rsaVerify } from "./rsa.ts";

const rsaMethods: Readonly<Record<string, HashName>> = {
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
};

/** Whether the holder of a public key signed: ECDSA on P-256 for a point, RSA (PKCS #1 1.5) for modulus and exponent. */
export function signatureFits(
  publicKey: Uint8Array,
  algorithm: der.Node,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey[0] !== 0x30) return verify(publicKey, message, signature, "der");
  const hash = rsaMethods[der.dottedOid(algorithm.parts[0]?.content ?? new Uint8Array())];
  try {
    return hash !== undefined && rsaVerify(publicKey, message, signature, hash);
  } catch {
    return false;
  }
}
