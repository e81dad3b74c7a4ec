import type { Micros } from "../../../base/clock.ts";
import { rfc1123z } from "../../../base/time.ts";
import { micros } from "../../../base/x509/certificate-time.ts";
import * as der from "../../../base/x509/der.ts";
import { numberOf } from "../../../base/x509/rsa.ts";
import { extensionsIn, extensionText } from "./extensions.ts";
import { type NameStyle, nameText } from "./names.ts";
import type { CertificateParts, RequestParts } from "./parts.ts";

/** Nov 21 19:04:14 2026 GMT */
export function dateText(at: Micros): string {
  const [, day = "", month = "", year = "", time = ""] = rfc1123z(at).split(" ");
  return `${month} ${day.replace(/^0/, " ")} ${time} ${year} GMT`;
}

/** Bytes as lines of aa:bb:, `width` a line. */
export function hexLines(bytes: Uint8Array, indent: string, width: number): string {
  const all = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  let text = "";
  for (let at = 0; at < all.length; at += width)
    text += `${indent}${all.slice(at, at + width).join(":")}${at + width < all.length ? ":" : ""}\n`;
  return text;
}

/** A number as OpenSSL prints long ones: with a zero before a first byte that has its highest bit set. */
export function longNumber(content: Uint8Array): Uint8Array {
  let start = 0;
  while (start < content.length - 1 && content[start] === 0) start++;
  const plain = content.subarray(start);
  return (plain[0] ?? 0) >= 0x80 ? Uint8Array.from([0, ...plain]) : plain;
}

const methods: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
};

export function methodName(algorithm: der.Node): string {
  const oid = der.dottedOid(algorithm.parts[0]?.content ?? new Uint8Array());
  return methods[oid] ?? oid;
}

const RSA = "1.2.840.113549.1.1.1";

/** The modulus and exponent in a SubjectPublicKeyInfo; undefined where it is no RSA key. */
export function rsaIn(keyInfo: der.Node): { readonly modulus: Uint8Array; readonly exponent: Uint8Array } | undefined {
  const oid = keyInfo.parts[0]?.parts[0];
  if (!oid || der.dottedOid(oid.content) !== RSA) return undefined;
  const [modulus, exponent] = der.parse(keyInfo.parts[1]?.content.subarray(1) ?? new Uint8Array()).parts;
  return modulus && exponent && { modulus: modulus.content, exponent: exponent.content };
}

/** How many bits a public key has. */
export function bitsOf(keyInfo: der.Node): number {
  const rsa = rsaIn(keyInfo);
  return rsa ? numberOf(rsa.modulus).toString(2).length : 256;
}

/** The lines of a public key. */
export function publicKeyText(keyInfo: der.Node, indent: string): string {
  const rsa = rsaIn(keyInfo);
  if (rsa) {
    const exponent = numberOf(rsa.exponent);
    return (
      `${indent}Public-Key: (${bitsOf(keyInfo)} bit)\n${indent}Modulus:\n` +
      hexLines(longNumber(rsa.modulus), `${indent}    `, 15) +
      `${indent}Exponent: ${exponent} (0x${exponent.toString(16)})\n`
    );
  }
  const point = keyInfo.parts[1]?.content.subarray(1) ?? new Uint8Array();
  return (
    `${indent}Public-Key: (256 bit)\n${indent}pub:\n${hexLines(point, `${indent}    `, 15)}` +
    `${indent}ASN1 OID: prime256v1\n${indent}NIST CURVE: P-256\n`
  );
}

function keyInfoText(keyInfo: der.Node): string {
  const algorithm = rsaIn(keyInfo) ? "rsaEncryption" : "id-ecPublicKey";
  return (
    `        Subject Public Key Info:\n            Public Key Algorithm: ${algorithm}\n` +
    publicKeyText(keyInfo, " ".repeat(16))
  );
}

function signatureText({ algorithm, signature }: { algorithm: der.Node; signature: Uint8Array }): string {
  return `    Signature Algorithm: ${methodName(algorithm)}\n    Signature Value:\n${hexLines(signature, " ".repeat(8), 18)}`;
}

function serialText(serial: Uint8Array): string {
  const value = numberOf(serial);
  return value < 1n << 63n
    ? ` ${value} (0x${value.toString(16)})\n`
    : `\n            ${hexLines(serial[0] === 0 ? serial.subarray(1) : serial, "", 99)}`;
}

/** `x509 -text`. */
export function certificateText(parts: CertificateParts, style: NameStyle): string {
  const { version, serial, issuer, subject, validity, keyInfo, extensions } = parts;
  const list = extensionsIn(extensions);
  return (
    `Certificate:\n    Data:\n        Version: ${version + 1} (0x${version})\n` +
    `        Serial Number:${serialText(serial)}` +
    `        Signature Algorithm: ${methodName(parts.algorithm)}\n` +
    `        Issuer: ${nameText(issuer, style)}\n        Validity\n` +
    `            Not Before: ${dateText(micros(validity.parts[0]))}\n` +
    `            Not After : ${dateText(micros(validity.parts[1]))}\n` +
    `        Subject: ${nameText(subject, style)}\n${keyInfoText(keyInfo)}` +
    (list.length > 0 ? "        X509v3 extensions:\n" : "") +
    list.map((one) => extensionText(one, " ".repeat(12))).join("") +
    signatureText(parts)
  );
}

/** `req -text`. */
export function requestText(parts: RequestParts, style: NameStyle): string {
  const list = extensionsIn(parts.extensions);
  return (
    `Certificate Request:\n    Data:\n        Version: 1 (0x0)\n        Subject: ${nameText(parts.subject, style)}\n` +
    `${keyInfoText(parts.keyInfo)}        Attributes:\n` +
    (parts.extensions ? "" : "            (none)\n") +
    "            Requested Extensions:\n" +
    list.map((one) => extensionText(one, " ".repeat(16))).join("") +
    signatureText(parts)
  );
}
