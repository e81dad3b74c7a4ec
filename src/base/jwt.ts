import { sha256 } from "@noble/hashes/sha2.js";
import { base64UrlOf, fromBase64Url } from "./base64.ts";
import { bytesOf, textOf } from "./text-bytes.ts";
import * as der from "./x509/der.ts";
import { type KeyPair, publicKeyInfo, publicPartOf, sign, verify } from "./x509/key.ts";
import { pemBlocks } from "./x509/pem.ts";
import type { PrivateKey } from "./x509/private-key.ts";
import { rsaPublicKey, rsaSign, rsaVerify } from "./x509/rsa.ts";

const RSA = "1.2.840.113549.1.1.1";

/** The public half of a key as a certificate holds it: a point of P-256, or the modulus and exponent of an RSA key. */
export function publicHalf(key: PrivateKey): Uint8Array {
  return key.type === "ec" ? key.ec.publicKey : rsaPublicKey(key.rsa);
}

/** The public half of the key in a PEM text, be it a public or a private key; undefined where there is none that can be read. */
export function publicHalfFromPem(text: string): Uint8Array | undefined {
  const block = pemBlocks(text, "PUBLIC KEY")[0];
  if (!block) return publicPartOf(text);
  try {
    const half = der.parse(block).parts[1]?.content.subarray(1);
    return half && (isRsa(half) || half.length === 65) ? half : undefined;
  } catch {
    return undefined;
  }
}

const isRsa = (half: Uint8Array): boolean => half[0] === 0x30;

/** The name by which a token says whose key signed it: the hash of the public key (kubernetes pkg/serviceaccount/jwt.go, 1.35). */
export function keyIdOf(half: Uint8Array): string {
  const info = isRsa(half)
    ? der.sequence(der.sequence(der.oid(RSA), der.tagged(0x05)), der.bits(half))
    : publicKeyInfo(half);
  return base64UrlOf(sha256(info));
}

/** A public key as a JSON Web Key, its fields in go-jose's order. */
export function jsonWebKey(half: Uint8Array): Record<string, string> {
  const kid = keyIdOf(half);
  if (!isRsa(half)) {
    const [x, y] = [half.subarray(1, 33), half.subarray(33)];
    return { use: "sig", kty: "EC", kid, crv: "P-256", alg: "ES256", x: base64UrlOf(x), y: base64UrlOf(y) };
  }
  const [n = "", e = ""] = der.parse(half).parts.map(({ content }) => base64UrlOf(withoutZeros(content)));
  return { use: "sig", kty: "RSA", kid, alg: "RS256", n, e };
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes : bytes.subarray(first);
}

/** A signed JSON Web Token (ES256 or RS256, by the key), as the API server makes for service accounts. */
export function signToken(claims: Readonly<Record<string, unknown>>, key: KeyPair | PrivateKey, keyId: string): string {
  const own: PrivateKey = "type" in key ? key : { type: "ec", ec: key };
  const head = base64UrlOf(bytesOf(JSON.stringify({ alg: own.type === "ec" ? "ES256" : "RS256", kid: keyId })));
  const body = base64UrlOf(bytesOf(JSON.stringify(claims)));
  const message = bytesOf(`${head}.${body}`);
  const signature = own.type === "ec" ? sign(own.ec, message, "compact") : rsaSign(own.rsa, message, "sha256");
  return `${head}.${body}.${base64UrlOf(signature)}`;
}

/** What a token says in its first two parts, whoever signed it; undefined where it is no token. */
export function tokenParts(
  token: string,
): { head: Record<string, unknown>; claims: Record<string, unknown> } | undefined {
  const [head, body, , ...more] = token.split(".");
  if (more.length > 0) return undefined;
  const parts = [objectIn(head), objectIn(body)];
  return parts[0] && parts[1] ? { head: parts[0], claims: parts[1] } : undefined;
}

/** The claims of a token that this key signed; undefined for any other text. */
export function readToken(token: string, publicKey: Uint8Array): Record<string, unknown> | undefined {
  const [head, body, signature, ...more] = token.split(".");
  const signatureBytes = fromBase64Url(signature ?? "");
  if (!head || !body || !signatureBytes || more.length > 0) return undefined;
  const message = bytesOf(`${head}.${body}`);
  const fits = isRsa(publicKey)
    ? rsaFits(publicKey, message, signatureBytes)
    : verify(publicKey, message, signatureBytes, "compact");
  return fits ? objectIn(body) : undefined;
}

function rsaFits(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return rsaVerify(publicKey, message, signature, "sha256");
  } catch {
    return false;
  }
}

function objectIn(part: string | undefined): Record<string, unknown> | undefined {
  const bytes = fromBase64Url(part ?? "");
  if (!bytes || bytes.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
