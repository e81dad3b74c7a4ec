import { ipText, parseIp } from "../cidr.ts";
import type { Micros } from "../clock.ts";
import { rfc3339 } from "../time.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { pemBlocks, pemOf } from "./pem.ts";

/** Signatures that were checked before: certificate and authority, both as text. */
const signatures = new Map<string, { certificate: Certificate | undefined; problem: string }>();
const SIGNATURE_LIMIT = 64;

/**
 * What Go's x509 has against a certificate: not signed by the authority, not valid now, for another name (where one is
 * asked for), or not for this use. Undefined where all is well.
 */
export function certificateProblem(
  certificate: string,
  authority: string | undefined,
  name: string | undefined,
  now: Micros,
  usage: "server" | "client" = "server",
): string | undefined {
  const key = `${authority}\n${certificate}`;
  let known = signatures.get(key);
  if (!known) {
    const read = readCertificate(certificate);
    known = { certificate: read, problem: read ? signatureProblem(read, authority) : "x509: malformed certificate" };
    if (signatures.size >= SIGNATURE_LIMIT) signatures.clear();
    signatures.set(key, known);
  }
  const read = known.certificate;
  if (!read) return known.problem;
  const misnamed = name === undefined ? "" : nameProblem(read, name);
  const misused = read.usages && !read.usages.includes(usage);
  return (
    validityProblem(read, now) ??
    (misnamed || known.problem || (misused ? "x509: certificate specifies an incompatible key usage" : undefined))
  );
}

function signatureProblem(certificate: Certificate, authority: string | undefined): string {
  const unknown = "x509: certificate signed by unknown authority";
  const blocks = pemBlocks(authority ?? "", "CERTIFICATE").map((block) => readCertificate(pemOf("CERTIFICATE", block)));
  const candidates = blocks.filter((one) => one?.subject.commonName === certificate.issuer.commonName);
  if (candidates.some((one) => one && certificate.signedBy(one.publicKey))) return "";
  const [first] = candidates;
  if (!first) return unknown;
  return (
    `${unknown} (possibly because of "x509: ECDSA verification failure" ` +
    `while trying to verify candidate authority certificate "${first.subject.commonName}")`
  );
}

function validityProblem({ notBefore, notAfter }: Certificate, now: Micros): string | undefined {
  const expired = "x509: certificate has expired or is not yet valid: current time";
  if (now > notAfter) return `${expired} ${rfc3339(now)} is after ${rfc3339(notAfter)}`;
  if (now < notBefore) return `${expired} ${rfc3339(now)} is before ${rfc3339(notBefore)}`;
  return undefined;
}

function nameProblem({ dnsNames, addresses }: Certificate, name: string): string {
  const ip = parseIp(name);
  const own = addresses.map(addressText);
  if (ip) {
    const text = ipText(ip);
    if (own.includes(text)) return "";
    if (own.length === 0) return `x509: cannot validate certificate for ${text} because it doesn't contain any IP SANs`;
    return `x509: certificate is valid for ${own.join(", ")}, not ${text}`;
  }
  const wanted = name.toLowerCase();
  if (dnsNames.some((pattern) => matches(pattern.toLowerCase(), wanted))) return "";
  if (dnsNames.length === 0) return `x509: certificate is not valid for any names, but wanted to match ${name}`;
  return `x509: certificate is valid for ${dnsNames.join(", ")}, not ${name}`;
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === name;
  const dot = name.indexOf(".");
  return dot > 0 && name.slice(dot) === pattern.slice(1);
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  return ipText({ version: 6, bits });
}
