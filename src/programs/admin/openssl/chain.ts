import type { Micros } from "../../../base/clock.ts";
import { micros } from "../../../base/x509/certificate-time.ts";
import { signatureFits } from "../../../base/x509/signature.ts";
import { type CertificateParts, keyBits, sameBytes } from "./parts.ts";

/** What is wrong at a place of a chain: OpenSSL's number and words (crypto/x509/x509_txt.c, 3.0). */
export interface ChainFault {
  readonly depth: number;
  readonly code: number;
  readonly words: string;
}

/** A chain from a certificate up, and the first thing that is wrong with it. */
export interface Chain {
  readonly certificates: readonly CertificateParts[];
  readonly fault: ChainFault | undefined;
}

export function signedBy(certificate: CertificateParts, issuer: CertificateParts): boolean {
  return (
    sameBytes(certificate.issuer.whole, issuer.subject.whole) &&
    signatureFits(keyBits(issuer.keyInfo), certificate.algorithm, certificate.body.whole, certificate.signature)
  );
}

/** Builds the chain of a certificate and checks it as `openssl verify` does. */
export function chainOf(
  leaf: CertificateParts,
  trusted: readonly CertificateParts[],
  untrusted: readonly CertificateParts[],
  now: Micros,
): Chain {
  const certificates = [leaf];
  const isTrusted = (one: CertificateParts) => trusted.some(({ whole }) => sameBytes(whole, one.whole));
  let last = leaf;
  let failed: ChainFault | undefined;
  while (!sameBytes(last.issuer.whole, last.subject.whole)) {
    const current = last;
    const named = (one: CertificateParts) => sameBytes(one.subject.whole, current.issuer.whole);
    const next = [...trusted, ...untrusted].find((one) => signedBy(current, one)) ?? trusted.find(named);
    if (!next || certificates.length > 10) break;
    if (!signedBy(last, next))
      failed = { depth: certificates.length - 1, code: 7, words: "certificate signature failure" };
    certificates.push(next);
    last = next;
  }
  const depth = certificates.length - 1;
  if (!isTrusted(last)) {
    const self = sameBytes(last.issuer.whole, last.subject.whole);
    const fault = !self
      ? { code: 20, words: "unable to get local issuer certificate" }
      : depth === 0
        ? { code: 18, words: "self-signed certificate" }
        : { code: 19, words: "self-signed certificate in certificate chain" };
    return { certificates, fault: { depth, ...fault } };
  }
  return { certificates, fault: failed ?? timeFault(certificates, now) };
}

function timeFault(certificates: readonly CertificateParts[], now: Micros): ChainFault | undefined {
  for (const [depth, { validity }] of [...certificates.entries()].reverse()) {
    if (now < micros(validity.parts[0])) return { depth, code: 9, words: "certificate is not yet valid" };
    if (now > micros(validity.parts[1])) return { depth, code: 10, words: "certificate has expired" };
  }
  return undefined;
}
