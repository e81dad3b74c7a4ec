import { fromBase64 } from "../../../base/base64.ts";
import { textOf } from "../../../base/text-bytes.ts";
import type { Secret } from "../../../kinds/types/core.ts";
import type { Pki } from "../../kubeadm/pki.ts";
import { pairProblem } from "../../trust.ts";

/** A server's certificate with its chain, PEM. */
export interface ServedCertificate {
  readonly certificate: string;
}

/** Why a Secret holds no certificate that can be served: a key is missing or empty, or certificate and key do not fit (Go's words). */
export interface CertificateFault {
  readonly missing: readonly string[];
  readonly problem: string | undefined;
}

/** The certificate of a Secret of type kubernetes.io/tls. */
export function certificateOf({ data = {} }: Secret, pki: Pki | undefined): ServedCertificate | CertificateFault {
  const text = (key: string) => textOf(fromBase64(data[key] ?? "") ?? new Uint8Array());
  const missing = ["tls.crt", "tls.key"].filter((key) => !data[key]);
  if (missing.length > 0) return { missing, problem: undefined };
  const certificate = text("tls.crt");
  const problem = pairProblem(pki, certificate, text("tls.key"));
  return problem === undefined ? { certificate } : { missing, problem };
}
