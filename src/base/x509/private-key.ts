import type { Random } from "../random.ts";
import * as der from "./der.ts";
import { type KeyPair, keyFromPem, keyToPem, publicKeyInfo, sign, wrappedKey } from "./key.ts";
import { pemBlocks, pemOf } from "./pem.ts";
import { type HashName, newRsaKey, type RsaKey, readRsaKey, rsaKeyDer, rsaPublicKey, rsaSign } from "./rsa.ts";

/** A private key of any make that is known here. */
export type PrivateKey = { readonly type: "rsa"; readonly rsa: RsaKey } | { readonly type: "ec"; readonly ec: KeyPair };

const RSA = "1.2.840.113549.1.1.1";
const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const P256 = "1.2.840.10045.3.1.7";
const rsaMethods: Readonly<Record<HashName, string>> = {
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};
const NULL = der.tagged(0x05);

export function newPrivateRsaKey(bits: number, random: Random): PrivateKey {
  return { type: "rsa", rsa: newRsaKey(bits, random) };
}

/** The key in a PEM text, undefined where there is none that can be read. */
export function privateKeyFromPem(text: string): PrivateKey | undefined {
  const block = pemBlocks(text, "RSA PRIVATE KEY")[0] ?? wrappedKey(text, RSA);
  const rsa = block && readRsaKey(block);
  if (rsa) return { type: "rsa", rsa };
  const ec = keyFromPem(text);
  return ec && { type: "ec", ec };
}

/** PKCS #8, as openssl writes keys since 3.0. */
export function privateKeyToPem(key: PrivateKey): string {
  const version = der.integer(Uint8Array.of(0));
  if (key.type === "rsa")
    return pemOf(
      "PRIVATE KEY",
      der.sequence(version, der.sequence(der.oid(RSA), NULL), der.octets(rsaKeyDer(key.rsa))),
    );
  const algorithm = der.sequence(der.oid(EC_PUBLIC_KEY), der.oid(P256));
  const inner = der.sequence(
    der.integer(Uint8Array.of(1)),
    der.octets(key.ec.secret),
    der.context(1, der.bits(key.ec.publicKey)),
  );
  return pemOf("PRIVATE KEY", der.sequence(version, algorithm, der.octets(inner)));
}

/** The older form of its own make: PKCS #1 or SEC 1. */
export function traditionalKeyToPem(key: PrivateKey): string {
  return key.type === "rsa" ? pemOf("RSA PRIVATE KEY", rsaKeyDer(key.rsa)) : keyToPem(key.ec);
}

/** SubjectPublicKeyInfo of a private key. */
export function keyInfoOf(key: PrivateKey): der.Der {
  if (key.type === "ec") return publicKeyInfo(key.ec.publicKey);
  return der.sequence(der.sequence(der.oid(RSA), NULL), der.bits(rsaPublicKey(key.rsa)));
}

/** A signed structure: the body, how it was signed, and the signature. ECDSA signs with SHA-256 only. */
export function signed(key: PrivateKey, bodyOf: (algorithm: der.Der) => der.Der, hash: HashName = "sha256"): der.Der {
  const algorithm =
    key.type === "rsa" ? der.sequence(der.oid(rsaMethods[hash]), NULL) : der.sequence(der.oid("1.2.840.10045.4.3.2"));
  const body = bodyOf(algorithm);
  const signature = key.type === "rsa" ? rsaSign(key.rsa, body, hash) : sign(key.ec, body, "der");
  return der.sequence(body, algorithm, der.bits(signature));
}
