import { ipText } from "../cidr.ts";
import * as der from "./der.ts";
import type { KeyPair } from "./key.ts";
import { pemBlocks, pemOf } from "./pem.ts";
import { keyInfoOf, type PrivateKey, signed } from "./private-key.ts";
import { numberOf } from "./rsa.ts";
import { signatureFits } from "./signature.ts";

/** Whom a request asks a certificate for, with all parts of the name that Go knows. */
export interface RequestedSubject {
  readonly commonName: string;
  readonly serialNumber: string;
  readonly organizations: readonly string[];
  readonly organizationalUnits: readonly string[];
  readonly countries: readonly string[];
  readonly localities: readonly string[];
  readonly provinces: readonly string[];
  readonly streets: readonly string[];
  readonly postalCodes: readonly string[];
}

/** What a request for a certificate says (PKCS #10). */
export interface CertificateRequest {
  readonly subject: RequestedSubject;
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  readonly addresses: readonly Uint8Array[];
  readonly uris: readonly string[];
  /** SubjectPublicKeyInfo, as it stands there. */
  readonly keyInfo: Uint8Array;
  /** Whether the holder of the key signed it. */
  readonly signatureFits: boolean;
}

const OIDS = {
  extensionRequest: "1.2.840.113549.1.9.14",
  subjectAltName: "2.5.29.17",
} as const;
/** In the order in which Go's pkix.Name writes them. */
const parts: Readonly<Record<string, keyof RequestedSubject>> = {
  "2.5.4.6": "countries",
  "2.5.4.10": "organizations",
  "2.5.4.11": "organizationalUnits",
  "2.5.4.7": "localities",
  "2.5.4.8": "provinces",
  "2.5.4.9": "streets",
  "2.5.4.17": "postalCodes",
  "2.5.4.3": "commonName",
  "2.5.4.5": "serialNumber",
};
/** Reads a request; undefined where the text has none, "malformed" where it cannot be read. */
export function readRequest(pem: string): CertificateRequest | "malformed" | undefined {
  const block = pemBlocks(pem, "CERTIFICATE REQUEST")[0];
  if (!block) return undefined;
  try {
    const [body, algorithm, signature] = der.parse(block).parts;
    const [, subject, keyInfo, attributes] = body?.parts ?? [];
    if (!body || !algorithm || !signature || !keyInfo) return "malformed";
    const key = keyInfo.parts[1]?.content.subarray(1) ?? new Uint8Array();
    return {
      subject: subjectIn(subject),
      ...namesIn(attributes),
      keyInfo: keyInfo.whole,
      signatureFits: signatureFits(key, algorithm, body.whole, signature.content.subarray(1)),
    };
  } catch {
    return "malformed";
  }
}

function subjectIn(node: der.Node | undefined): RequestedSubject {
  const found: Record<string, string[]> = {};
  for (const group of node?.parts ?? [])
    for (const { parts: pair } of group.parts) {
      const [type, value] = pair;
      const part = type && parts[der.dottedOid(type.content)];
      if (part && value) found[part] = [...(found[part] ?? []), der.textIn(value)];
    }
  const list = (part: keyof RequestedSubject) => found[part] ?? [];
  return {
    commonName: list("commonName").at(-1) ?? "",
    serialNumber: list("serialNumber").at(-1) ?? "",
    organizations: list("organizations"),
    organizationalUnits: list("organizationalUnits"),
    countries: list("countries"),
    localities: list("localities"),
    provinces: list("provinces"),
    streets: list("streets"),
    postalCodes: list("postalCodes"),
  };
}

/** A request by the holder of a P-256 key for a client's certificate; PEM (client-go util/cert MakeCSR). */
export function newRequest(key: KeyPair, commonName: string, organization: string): string {
  const part = (oid: string, value: string) => der.set(der.sequence(der.oid(oid), der.utf8(value)));
  const subject = der.sequence(part("2.5.4.10", organization), part("2.5.4.3", commonName));
  const owner: PrivateKey = { type: "ec", ec: key };
  const version = der.integer(Uint8Array.of(0));
  return pemOf(
    "CERTIFICATE REQUEST",
    signed(owner, () => der.sequence(version, subject, keyInfoOf(owner), der.context(0))),
  );
}

/** The name as a certificate for this request has it. */
export function nameInCertificate(subject: RequestedSubject): der.Der {
  const sets = Object.entries(parts).map(([oid, part]) => {
    const values = [subject[part]].flat().filter((value) => value !== "");
    return values.map((value) => der.sequence(der.oid(oid), der.utf8(value)));
  });
  return der.sequence(...sets.filter(({ length }) => length > 0).map((values) => der.set(...values)));
}

type Names = Pick<CertificateRequest, "dnsNames" | "emails" | "addresses" | "uris">;

function namesIn(attributes: der.Node | undefined): Names {
  const names = {
    dnsNames: [] as string[],
    emails: [] as string[],
    addresses: [] as Uint8Array[],
    uris: [] as string[],
  };
  for (const { parts: attribute } of attributes?.parts ?? []) {
    const [type, values] = attribute;
    if (!type || der.dottedOid(type.content) !== OIDS.extensionRequest) continue;
    for (const extension of values?.parts[0]?.parts ?? []) {
      const [oid] = extension.parts;
      const value = extension.parts.at(-1);
      if (!oid || !value || der.dottedOid(oid.content) !== OIDS.subjectAltName) continue;
      for (const name of der.parse(value.content).parts)
        if (name.tag === 0x81) names.emails.push(der.textIn(name));
        else if (name.tag === 0x82) names.dnsNames.push(der.textIn(name));
        else if (name.tag === 0x86) names.uris.push(der.textIn(name));
        else if (name.tag === 0x87) names.addresses.push(name.content);
    }
  }
  return names;
}

/** An address of a certificate as text. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  return ipText({ version: 6, bits: numberOf(bytes) });
}
