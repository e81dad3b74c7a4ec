import { sha1 } from "@noble/hashes/legacy.js";
import type { Micros } from "../clock.ts";
import type { Random } from "../random.ts";
import { bytesOf } from "../text-bytes.ts";
import { certificateTime, micros } from "./certificate-time.ts";
import * as der from "./der.ts";
import { type KeyPair, publicKeyInfo } from "./key.ts";
import { pemBlocks, pemOf } from "./pem.ts";
import { type PrivateKey, signed } from "./private-key.ts";
import { rsaPublicKey } from "./rsa.ts";
import { signatureFits } from "./signature.ts";

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** What a certificate shall say. */
export interface CertificatePlan {
  readonly subject: Subject;
  readonly publicKey: Uint8Array;
  /** The whole name, where it has more parts than `subject`. */
  readonly name?: der.Der;
  /** The key as a request wrote it (SubjectPublicKeyInfo), where it is none of our own make. */
  readonly keyInfo?: der.Der;
  /** What the key may do by itself; both where left out. */
  readonly keyUsages?: readonly ("digital signature" | "key encipherment")[];
  readonly issuer: { readonly subject: Subject; readonly key: KeyPair | PrivateKey };
  readonly notBefore: Micros;
  readonly notAfter: Micros;
  readonly authority?: boolean;
  readonly usages?: readonly ("server" | "client")[];
  readonly dnsNames?: readonly string[];
  /** IPv4 or IPv6 addresses as bytes. */
  readonly addresses?: readonly Uint8Array[];
}

/** What a certificate says. */
export interface Certificate {
  readonly subject: Subject;
  readonly issuer: Subject;
  readonly serial: string;
  readonly notBefore: Micros;
  readonly notAfter: Micros;
  readonly authority: boolean;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly Uint8Array[];
  readonly publicKey: Uint8Array;
  /** What its key may be used for; undefined where it does not say: for anything. */
  readonly usages: readonly ("server" | "client")[] | undefined;
  /** The hash of the issuer's key, where it tells. */
  readonly authorityKeyId: Uint8Array | undefined;
  /** Whether the holder of this public key signed it. */
  signedBy(publicKey: Uint8Array): boolean;
}

const OIDS = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  basicConstraints: "2.5.29.19",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
  subjectAltName: "2.5.29.17",
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
} as const;

function nameOf(subject: Subject): der.Der {
  const part = (oid: string, value: string) => der.sequence(der.oid(oid), der.utf8(value));
  // Organizations stand in one set, as Go's pkix.Name writes them.
  const organizations = [...(subject.organizations ?? [])].map((name) => part(OIDS.organization, name));
  return der.sequence(
    ...(organizations.length > 0 ? [der.set(...organizations)] : []),
    der.set(part(OIDS.commonName, subject.commonName)),
  );
}

function extension(oid: string, critical: boolean, value: der.Der): der.Der {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

function ownUsage(usages: CertificatePlan["keyUsages"]): der.Der | undefined {
  if (!usages) return der.bits(Uint8Array.of(0xa0), 5);
  const enciphers = usages.includes("key encipherment");
  const byte = (usages.includes("digital signature") ? 0x80 : 0) | (enciphers ? 0x20 : 0);
  return byte === 0 ? undefined : der.bits(Uint8Array.of(byte), enciphers ? 5 : 7);
}

function extensions(plan: CertificatePlan): der.Der {
  // digitalSignature and keyEncipherment; an authority also signs certificates (RFC 5280, 4.2.1.3).
  const usage = plan.authority ? der.bits(Uint8Array.of(0xa4), 2) : ownUsage(plan.keyUsages);
  const list = usage ? [extension(OIDS.keyUsage, true, usage)] : [];
  if (plan.usages?.length)
    list.push(extension(OIDS.extendedKeyUsage, false, der.sequence(...plan.usages.map((name) => der.oid(OIDS[name])))));
  list.push(extension(OIDS.basicConstraints, true, der.sequence(...(plan.authority ? [der.boolean(true)] : []))));
  if (plan.authority) list.push(extension(OIDS.subjectKeyIdentifier, false, der.octets(sha1(plan.publicKey))));
  else {
    const keyId = der.contextPrimitive(0, sha1(publicHalf(privateKeyOf(plan.issuer.key))));
    list.push(extension(OIDS.authorityKeyIdentifier, false, der.sequence(keyId)));
  }
  const names = [
    ...(plan.dnsNames ?? []).map((name) => der.contextPrimitive(2, bytesOf(name))),
    ...(plan.addresses ?? []).map((address) => der.contextPrimitive(7, address)),
  ];
  if (names.length > 0) list.push(extension(OIDS.subjectAltName, false, der.sequence(...names)));
  return der.context(3, der.sequence(...list));
}

/** Issues a certificate; PEM. */
export function issueCertificate(plan: CertificatePlan, random: Random): string {
  const serial = new Uint8Array(8);
  for (let i = 0; i < serial.length; i++) serial[i] = random.below(256);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const bodyOf = (algorithm: der.Der) =>
    der.sequence(
      der.context(0, der.integer(Uint8Array.of(2))),
      der.integer(serial),
      algorithm,
      nameOf(plan.issuer.subject),
      der.sequence(certificateTime(plan.notBefore), certificateTime(plan.notAfter)),
      plan.name ?? nameOf(plan.subject),
      plan.keyInfo ?? publicKeyInfo(plan.publicKey),
      extensions(plan),
    );
  return pemOf("CERTIFICATE", signed(privateKeyOf(plan.issuer.key), bodyOf));
}

function privateKeyOf(key: KeyPair | PrivateKey): PrivateKey {
  return "type" in key ? key : { type: "ec", ec: key };
}

/** The public half as a certificate holds it: a point, or of an RSA key its modulus and exponent. */
function publicHalf(key: PrivateKey): Uint8Array {
  return key.type === "ec" ? key.ec.publicKey : rsaPublicKey(key.rsa);
}

function subjectIn(node: der.Node | undefined): Subject {
  let commonName = "";
  const organizations: string[] = [];
  for (const group of node?.parts ?? [])
    for (const { parts } of group.parts) {
      const [type, value] = parts;
      if (!type || !value) continue;
      const oid = der.dottedOid(type.content);
      if (oid === OIDS.commonName) commonName = der.textIn(value);
      else if (oid === OIDS.organization) organizations.push(der.textIn(value));
    }
  return { commonName, organizations };
}

interface Extensions {
  readonly dns: string[];
  readonly addresses: Uint8Array[];
  authority: boolean;
  usages?: Certificate["usages"];
  keyId?: Uint8Array | undefined;
}

function usagesIn(value: der.Node): ("server" | "client")[] {
  const oids = der.parse(value.content).parts.map((part) => der.dottedOid(part.content));
  return (["server", "client"] as const).filter((name) => oids.includes(OIDS[name]));
}

function extensionsIn(extensionsNode: der.Node | undefined): Extensions {
  const found: Extensions = { dns: [], addresses: [], authority: false };
  for (const { parts } of extensionsNode?.parts[0]?.parts ?? []) {
    const value = parts.at(-1);
    if (!parts[0] || !value) continue;
    const oid = der.dottedOid(parts[0].content);
    if (oid === OIDS.basicConstraints) found.authority = der.parse(value.content).parts.length > 0;
    if (oid === OIDS.extendedKeyUsage) found.usages = usagesIn(value);
    if (oid === OIDS.authorityKeyIdentifier)
      found.keyId = der.parse(value.content).parts.find((part) => part.tag === 0x80)?.content;
    if (oid !== OIDS.subjectAltName) continue;
    for (const name of der.parse(value.content).parts) {
      if (name.tag === 0x82) found.dns.push(der.textIn(name));
      if (name.tag === 0x87) found.addresses.push(name.content);
    }
  }
  return found;
}

/** Texts that were read before: every request shows a certificate. */
const known = new Map<string, Certificate | undefined>();
const KNOWN_LIMIT = 64;

/** Reads the first certificate of a PEM text; undefined where there is none or it cannot be read. */
export function readCertificate(pem: string): Certificate | undefined {
  const before = known.get(pem);
  if (before) return before;
  const read = firstCertificate(pem);
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(pem, read);
  return read;
}

function firstCertificate(pem: string): Certificate | undefined {
  const block = pemBlocks(pem, "CERTIFICATE")[0];
  if (!block) return undefined;
  try {
    const [body, algorithm, signature] = der.parse(block).parts;
    // Version 1 has no version number.
    const fields = body?.parts[0]?.tag === 0xa0 ? body.parts.slice(1) : (body?.parts ?? []);
    const [serial, , issuer, validity, subject, keyInfo, extra] = fields;
    if (!body || !algorithm || !signature || !serial || !keyInfo) return undefined;
    const names = extensionsIn(extra);
    return {
      subject: subjectIn(subject),
      issuer: subjectIn(issuer),
      serial: [...serial.content].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      notBefore: micros(validity?.parts[0]),
      notAfter: micros(validity?.parts[1]),
      authority: names.authority,
      dnsNames: names.dns,
      addresses: names.addresses,
      publicKey: keyInfo.parts[1]?.content.subarray(1) ?? new Uint8Array(),
      usages: names.usages,
      authorityKeyId: names.keyId,
      signedBy: (publicKey) => signatureFits(publicKey, algorithm, body.whole, signature.content.subarray(1)),
    };
  } catch {
    return undefined;
  }
}
