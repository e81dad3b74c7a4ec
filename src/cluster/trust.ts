import type { Micros } from "../base/clock.ts";
import { readCertificate, type Subject } from "../base/x509/certificate.ts";
import { certificateProblem } from "../base/x509/certificate-problem.ts";
import { publicPartOf } from "../base/x509/key.ts";
import { type Files, root } from "../machine/define-files.ts";
import type { PemSource, Pki } from "./kubeadm/pki.ts";

/** What a PEM file holds, without making what nobody has looked at; undefined where it cannot be read. */
export function pemIn(files: Files, path: string | undefined): PemSource | undefined {
  if (path === undefined || path === "" || !files.may(path, "r", root)) return undefined;
  return files.unmade(path) ?? files.read(path, root);
}

/** Who is asked whether a certificate is good: the certificates made here are known, all others are verified. */
export interface Verifier {
  readonly pki: Pki | undefined;
  readonly now: Micros;
}

/** What is wrong with the certificate of a client, in Go's words; undefined where the authority signed it and it is valid. */
export function clientProblem(by: Verifier, certificate: PemSource, authority: PemSource): string | undefined {
  if (by.pki?.vouched(certificate, authority, by.now)?.usages.includes("client")) return undefined;
  const text = by.pki?.textOf(certificate) ?? textOf(certificate);
  return certificateProblem(text, textOf(authority), undefined, by.now, "client");
}

/** What is wrong with the certificate of a server that was found under `name`. */
export function serverProblem(
  by: Verifier,
  certificate: PemSource,
  authority: PemSource | undefined,
  name: string,
): string | undefined {
  const leaf = authority === undefined ? undefined : by.pki?.vouched(certificate, authority, by.now);
  if (leaf?.usages.includes("server")) {
    const addresses = (leaf.addresses ?? []).map((bytes) => bytes.join("."));
    if (addresses.includes(name) || leaf.dnsNames?.includes(name)) return undefined;
  }
  return certificateProblem(textOf(certificate), authority && textOf(authority), name, by.now);
}

/** Whom a certificate speaks for. */
export function subjectOf(pki: Pki | undefined, certificate: PemSource): Subject | undefined {
  const known = typeof certificate === "function" ? pki?.subjectOf(certificate) : undefined;
  return known ?? readCertificate(textOf(certificate))?.subject;
}

/** What Go says of a certificate and a key that do not belong together or cannot be read (tls.X509KeyPair). */
export function pairProblem(pki: Pki | undefined, certificate: PemSource, key: PemSource): string | undefined {
  if (pki?.belongsTo(key, certificate)) return undefined;
  const read = readCertificate(textOf(certificate));
  if (!read) return "tls: failed to find any PEM data in certificate input";
  const pair = publicPartOf(textOf(key));
  if (!pair) return "tls: failed to find any PEM data in key input";
  const same = pair.length === read.publicKey.length && pair.every((byte, i) => byte === read.publicKey[i]);
  return same ? undefined : "tls: private key does not match public key";
}

function textOf(source: PemSource): string {
  return typeof source === "string" ? source : source();
}
