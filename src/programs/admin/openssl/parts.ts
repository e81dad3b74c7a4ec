import * as der from "../../../base/x509/der.ts";
import { pemBlocks } from "../../../base/x509/pem.ts";

/** A certificate, taken apart. */
export interface CertificateParts {
  readonly whole: Uint8Array;
  readonly body: der.Node;
  readonly version: number;
  readonly serial: Uint8Array;
  readonly issuer: der.Node;
  readonly validity: der.Node;
  readonly subject: der.Node;
  readonly keyInfo: der.Node;
  readonly extensions: der.Node | undefined;
  readonly algorithm: der.Node;
  readonly signature: Uint8Array;
}

/** A request for a certificate, taken apart. */
export interface RequestParts {
  readonly whole: Uint8Array;
  readonly body: der.Node;
  readonly subject: der.Node;
  readonly keyInfo: der.Node;
  readonly extensions: der.Node | undefined;
  readonly algorithm: der.Node;
  readonly signature: Uint8Array;
}

function apart<T>(bytes: Uint8Array, read: (parts: readonly der.Node[]) => T | undefined): T | undefined {
  try {
    return read(der.parse(bytes).parts);
  } catch {
    return undefined;
  }
}

/** All certificates in a PEM text that can be read. */
export function certificatesIn(text: string): readonly CertificateParts[] {
  return pemBlocks(text, "CERTIFICATE").flatMap((block) => certificateParts(block) ?? []);
}

function certificateParts(whole: Uint8Array): CertificateParts | undefined {
  return apart(whole, ([body, algorithm, signature]) => {
    const versioned = body?.parts[0]?.tag === 0xa0;
    const [serial, , issuer, validity, subject, keyInfo, ...rest] = versioned
      ? body.parts.slice(1)
      : (body?.parts ?? []);
    if (!body || !algorithm || !signature || !serial || !issuer || !validity || !subject || !keyInfo) return undefined;
    const extensions = rest.find(({ tag }) => tag === 0xa3)?.parts[0];
    const version = versioned ? (body.parts[0]?.parts[0]?.content[0] ?? 0) : 0;
    const bits = signature.content.subarray(1);
    return {
      whole,
      body,
      version,
      serial: serial.content,
      issuer,
      validity,
      subject,
      keyInfo,
      extensions,
      algorithm,
      signature: bits,
    };
  });
}

const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

/** The first request in a PEM text. */
export function requestIn(text: string): RequestParts | undefined {
  const block = pemBlocks(text, "CERTIFICATE REQUEST")[0] ?? pemBlocks(text, "NEW CERTIFICATE REQUEST")[0];
  if (!block) return undefined;
  return apart(block, ([body, algorithm, signature]) => {
    const [, subject, keyInfo, attributes] = body?.parts ?? [];
    if (!body || !algorithm || !signature || !subject || !keyInfo) return undefined;
    const asked = attributes?.parts.find(({ parts: [oid] }) => oid && der.dottedOid(oid.content) === EXTENSION_REQUEST);
    const extensions = asked?.parts[1]?.parts[0];
    return { whole: block, body, subject, keyInfo, extensions, algorithm, signature: signature.content.subarray(1) };
  });
}

/** The public key's own bytes. */
export function keyBits(keyInfo: der.Node): Uint8Array {
  return keyInfo.parts[1]?.content.subarray(1) ?? new Uint8Array();
}

/** Whether two encodings are the same. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
