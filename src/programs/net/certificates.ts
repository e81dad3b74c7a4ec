import { readCertificate } from "../../base/x509/certificate.ts";
import { certificateProblem } from "../../base/x509/certificate-problem.ts";
import { pemBlocks, pemOf } from "../../base/x509/pem.ts";
import { PKI_PART } from "../../cluster/api-target.ts";
import type { PemSource, Pki } from "../../cluster/kubeadm/pki.ts";
import { pairProblem } from "../../cluster/trust.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";

/** Where Debian keeps the authorities that everybody trusts. */
export const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** What a client has against a server's certificate. */
export type CertificateFault =
  | "unknown issuer"
  | "self-signed"
  | "self-signed in chain"
  | "expired"
  | "not yet valid"
  | "wrong use"
  | "wrong name";

/** All that is wrong with the certificates a server shows, the chain first and the name last. */
export function certificateFaults(
  shown: string,
  authority: string | undefined,
  name: string,
  now: number,
): readonly CertificateFault[] {
  const leaf = readCertificate(shown);
  if (!leaf) return ["unknown issuer"];
  const faults: CertificateFault[] = [];
  if (certificateProblem(shown, authority, undefined, leaf.notBefore)?.includes("unknown authority"))
    faults.push(untrusted(shown));
  if (now > leaf.notAfter) faults.push("expired");
  else if (now < leaf.notBefore) faults.push("not yet valid");
  if (certificateProblem(shown, authority, undefined, leaf.notBefore)?.includes("key usage")) faults.push("wrong use");
  const named = certificateProblem(shown, authority, name, leaf.notBefore);
  if (named && /is valid for|cannot validate certificate for|is not valid for any names/.test(named))
    faults.push("wrong name");
  return faults;
}

function untrusted(shown: string): CertificateFault {
  const blocks = pemBlocks(shown, "CERTIFICATE").map((block) => readCertificate(pemOf("CERTIFICATE", block)));
  const own = blocks.map((one) => one !== undefined && one.subject.commonName === one.issuer.commonName);
  if (own[0]) return "self-signed";
  return own.some(Boolean) ? "self-signed in chain" : "unknown issuer";
}

/** A PEM file as the user of a process may read it; undefined where not. */
export function pemFile(proc: Process, name: string): PemSource | undefined {
  const { files } = proc.machine;
  const path = pathOf(proc, name);
  if (!files.may(path, "r", proc.credentials)) return undefined;
  return files.unmade(path) ?? files.read(path, proc.credentials);
}

/** The name that a client asks for when it shakes hands (SNI): none where it was given an address. */
export function serverNameOf(host: string): string | undefined {
  return /^[\d.]+$/.test(host) || host.includes(":") ? undefined : host;
}

/** Whether a certificate and a key belong together. */
export function isPair(proc: Process, certificate: PemSource, key: PemSource): boolean {
  const pki = (proc.machine.host ?? proc.machine).parts.get(PKI_PART) as Pki | undefined;
  return pairProblem(pki, certificate, key) === undefined;
}
