import { bytesOf } from "../../../base/text-bytes.ts";
import * as der from "../../../base/x509/der.ts";
import { numberOf } from "../../../base/x509/rsa.ts";
import { nameText } from "./names.ts";

/** The extensions of certificates that are known here: how they are called in options, in texts, and in DER. */
export const extensionNames: readonly (readonly [option: string, text: string, oid: string])[] = [
  ["subjectKeyIdentifier", "X509v3 Subject Key Identifier", "2.5.29.14"],
  ["keyUsage", "X509v3 Key Usage", "2.5.29.15"],
  ["subjectAltName", "X509v3 Subject Alternative Name", "2.5.29.17"],
  ["basicConstraints", "X509v3 Basic Constraints", "2.5.29.19"],
  ["authorityKeyIdentifier", "X509v3 Authority Key Identifier", "2.5.29.35"],
  ["extendedKeyUsage", "X509v3 Extended Key Usage", "2.5.29.37"],
];

/** The bits of a key usage, from the first on. */
export const keyUsages: readonly (readonly [option: string, text: string])[] = [
  ["digitalSignature", "Digital Signature"],
  ["nonRepudiation", "Non Repudiation"],
  ["keyEncipherment", "Key Encipherment"],
  ["dataEncipherment", "Data Encipherment"],
  ["keyAgreement", "Key Agreement"],
  ["keyCertSign", "Certificate Sign"],
  ["cRLSign", "CRL Sign"],
  ["encipherOnly", "Encipher Only"],
  ["decipherOnly", "Decipher Only"],
];

export const extendedUsages: readonly (readonly [option: string, text: string, oid: string])[] = [
  ["serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"],
  ["clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"],
  ["codeSigning", "Code Signing", "1.3.6.1.5.5.7.3.3"],
  ["emailProtection", "E-mail Protection", "1.3.6.1.5.5.7.3.4"],
  ["timeStamping", "Time Stamping", "1.3.6.1.5.5.7.3.8"],
  ["OCSPSigning", "OCSP Signing", "1.3.6.1.5.5.7.3.9"],
];

/** An extension as a certificate or request holds it. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: der.Der;
}

export function extensionDer({ oid, critical, value }: Extension): der.Der {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

/** The extensions in a list of them. */
export function extensionsIn(list: der.Node | undefined): readonly Extension[] {
  return (list?.parts ?? []).map(({ parts }) => ({
    oid: der.dottedOid(parts[0]?.content ?? new Uint8Array()),
    critical: parts.length > 2 && parts[1]?.content[0] === 0xff,
    value: parts.at(-1)?.content ?? new Uint8Array(),
  }));
}

/** Bytes as AA:BB. */
export function colons(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(":");
}

/** The title line and the lines below it, the latter set in by four. */
export function extensionText(extension: Extension, indent: string): string {
  const name = extensionNames.find(([, , oid]) => oid === extension.oid)?.[1] ?? extension.oid;
  const lines = valueText(extension).split("\n");
  const body = lines.map((line) => `${indent}    ${line}\n`).join("");
  return `${indent}${name}: ${extension.critical ? "critical" : ""}\n${body}`;
}

function valueText({ oid, value }: Extension): string {
  const kind = extensionNames.find(([, , one]) => one === oid)?.[0];
  // OpenSSL shows what it does not know as it stands, with dots for what cannot be printed.
  if (kind === undefined)
    return String.fromCharCode(...[...value].map((byte) => (byte >= 0x20 && byte < 0x7f ? byte : 0x2e)));
  const node = der.parse(value);
  if (kind === "subjectKeyIdentifier") return colons(node.content);
  if (kind === "keyUsage") return usageText(node.content);
  if (kind === "subjectAltName") return node.parts.map(altNameText).join(", ") || "<EMPTY>";
  if (kind === "extendedKeyUsage") return node.parts.map(({ content }) => extendedText(content)).join(", ");
  if (kind === "basicConstraints") {
    const authority = node.parts.some(({ tag, content }) => tag === 0x01 && content[0] !== 0);
    const length = node.parts.find(({ tag }) => tag === 0x02);
    return `CA:${authority ? "TRUE" : "FALSE"}${length ? `, pathlen:${numberOf(length.content)}` : ""}`;
  }
  return authorityText(node);
}

function authorityText({ parts }: der.Node): string {
  const named = parts.length > 1;
  const lines = parts.map(({ tag, content, parts: names }) => {
    if (tag === 0x80) return `${named ? "keyid:" : ""}${colons(content)}`;
    return tag === 0x82 ? `serial:${colons(content)}` : names.map(altNameText).join("\n");
  });
  return lines.join("\n");
}

function usageText(content: Uint8Array): string {
  const set = keyUsages.filter((_, i) => ((content[1 + (i >> 3)] ?? 0) & (0x80 >> (i & 7))) !== 0);
  return set.map(([, text]) => text).join(", ");
}

function extendedText(content: Uint8Array): string {
  const oid = der.dottedOid(content);
  return extendedUsages.find(([, , one]) => one === oid)?.[1] ?? oid;
}

function altNameText(name: der.Node): string {
  const { tag, content } = name;
  if (tag === 0x81) return `email:${der.textIn(name)}`;
  if (tag === 0x82) return `DNS:${der.textIn(name)}`;
  if (tag === 0x86) return `URI:${der.textIn(name)}`;
  if (tag === 0xa4 && name.parts[0]) return `DirName:${nameText(name.parts[0])}`;
  if (tag !== 0x87) return "othername:<unsupported>";
  return `IP Address:${addressOf(content)}`;
}

/** An address as OpenSSL writes it: version 6 with all eight groups. */
export function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "<invalid>";
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  return groups.map((group) => group.toString(16).toUpperCase()).join(":");
}

/** The names of a subjectAltName value as bytes: email, DNS, URI and IP. */
export const textName = (tag: number, text: string): der.Der => der.tagged(tag, bytesOf(text));
