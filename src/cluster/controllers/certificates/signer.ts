import { fromBase64 } from "../../../base/base64.ts";
import { type Micros, SECOND } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { issueCertificate, readCertificate } from "../../../base/x509/certificate.ts";
import { privateKeyFromPem } from "../../../base/x509/private-key.ts";
import { type CertificateRequest, nameInCertificate, readRequest } from "../../../base/x509/request.ts";
import type { CertificateSigningRequest } from "../../../kinds/types/certificates.ts";

const MINUTE = 60 * SECOND;

/** The signers of kube-controller-manager by the names of their flags (kubernetes pkg/controller/certificates/signer, 1.35). */
export const signers: Readonly<Record<string, string>> = {
  "kubernetes.io/kube-apiserver-client": "kube-apiserver-client",
  "kubernetes.io/kube-apiserver-client-kubelet": "kubelet-client",
  "kubernetes.io/kubelet-serving": "kubelet-serving",
  "kubernetes.io/legacy-unknown": "legacy-unknown",
};

/** What an object asks for; undefined where it cannot be read. */
export function requestIn({ spec }: CertificateSigningRequest): CertificateRequest | undefined {
  const read = readRequest(textOf(fromBase64(spec.request) ?? new Uint8Array()));
  return read === undefined || read === "malformed" ? undefined : read;
}

const optional = ["digital signature", "key encipherment"];

/** Why a signer does not give what is asked for; undefined where it does. */
export function signerFault(
  signerName: string,
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (signerName === "kubernetes.io/kube-apiserver-client") {
    const odd = usages.find((usage) => usage !== "client auth" && !optional.includes(usage));
    if (odd !== undefined) return `invalid usage for client certificate: ${odd}`;
    return usages.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
  }
  if (signerName === "kubernetes.io/kube-apiserver-client-kubelet") return kubeletClientFault(request, usages);
  return signerName === "kubernetes.io/kubelet-serving" ? kubeletServingFault(request, usages) : undefined;
}

function nodeFault({ subject }: CertificateRequest): string | undefined {
  if (subject.organizations.length !== 1 || subject.organizations[0] !== "system:nodes")
    return "subject organization is not system:nodes";
  return subject.commonName.startsWith("system:node:")
    ? undefined
    : "subject common name does not begin with system:node: ";
}

function usagesFault(usages: readonly string[], wanted: string): string | undefined {
  const fits = usages.includes(wanted) && usages.every((usage) => usage === wanted || optional.includes(usage));
  return fits && usages.includes("digital signature")
    ? undefined
    : `usages did not match [${["digital signature", wanted].join(" ")}]`;
}

/** Why this is no request of a kubelet for its own client certificate (pkg/apis/certificates/helpers.go, 1.35). */
export function kubeletClientFault(request: CertificateRequest, usages: readonly string[]): string | undefined {
  const fault = nodeFault(request);
  if (fault) return fault;
  if (request.dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.addresses.length > 0) return "IP subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesFault(usages, "client auth");
}

function kubeletServingFault(request: CertificateRequest, usages: readonly string[]): string | undefined {
  const fault = nodeFault(request);
  if (fault) return fault;
  if (request.dnsNames.length + request.addresses.length === 0) return "DNS or IP subjectAltName is required";
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesFault(usages, "server auth");
}

/** Lives shorter than this are not shortened by the backdating (signer.go, 1.35). */
const SHORT = 8 * 60 * MINUTE;
const BACKDATE = 5 * MINUTE;

/** Signs a request; PEM. undefined where the authority cannot be read. */
export function signed(
  object: CertificateSigningRequest,
  request: CertificateRequest,
  authority: { readonly certificate: string; readonly key: string },
  longest: Micros,
  now: Micros,
  random: Random,
): string | undefined {
  const issuer = readCertificate(authority.certificate);
  const key = privateKeyFromPem(authority.key);
  if (!issuer || !key) return undefined;
  const { expirationSeconds, usages = [] } = object.spec;
  const asked = expirationSeconds === undefined ? longest : expirationSeconds * SECOND;
  const life = Math.min(Math.max(asked, 10 * MINUTE), longest);
  const notAfter = Math.min(now + life - (life < SHORT ? 0 : BACKDATE), issuer.notAfter);
  return issueCertificate(
    {
      subject: { commonName: request.subject.commonName, organizations: request.subject.organizations },
      name: nameInCertificate(request.subject),
      publicKey: new Uint8Array(),
      keyInfo: request.keyInfo,
      keyUsages: (["digital signature", "key encipherment"] as const).filter((usage) => usages.includes(usage)),
      issuer: { subject: issuer.subject, key },
      notBefore: now - BACKDATE,
      notAfter,
      usages: (["server", "client"] as const).filter((usage) => usages.includes(`${usage} auth`)),
      dnsNames: request.dnsNames,
      addresses: request.addresses,
    },
    random,
  );
}
