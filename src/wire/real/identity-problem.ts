import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Outside } from "../../machine/define-network.ts";

/** What crypto/tls and client-go say of PEM texts that cannot be used (tls.X509KeyPair, rest.TLSConfigFor); "" for none. */
export const identityProblem: Outside["identityProblem"] = ({ authority, clientCertificate, clientKey }) => {
  if (authority !== undefined && !certificateIn(authority))
    return "unable to load root certificates: unable to parse bytes as PEM block";
  if (clientCertificate === undefined) return "";
  const certificate = certificateIn(clientCertificate);
  if (!certificate)
    return clientCertificate.includes("-----BEGIN CERTIFICATE-----")
      ? "x509: malformed certificate"
      : "tls: failed to find any PEM data in certificate input";
  if (!clientKey?.includes("PRIVATE KEY-----")) return "tls: failed to find any PEM data in key input";
  const key = keyIn(clientKey);
  if (!key) return "tls: failed to parse private key";
  return certificate.checkPrivateKey(key) ? "" : "tls: private key does not match public key";
};

function certificateIn(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function keyIn(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}
