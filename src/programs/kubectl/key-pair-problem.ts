import { readCertificate } from "../../base/x509/certificate.ts";
import { publicPartOf } from "../../base/x509/key.ts";

const blockLabels = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/** What Go's tls.X509KeyPair says of a certificate and a key that do not belong together; undefined if they do. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const found = labelsIn(certificate);
  if (found.length === 0) return "tls: failed to find any PEM data in certificate input";
  if (!found.includes("CERTIFICATE")) {
    const switched = found.length === 1 && found[0]?.endsWith("PRIVATE KEY");
    return switched
      ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
      : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${found.join(" ")}]`;
  }
  const keys = labelsIn(key);
  if (keys.length === 0) return "tls: failed to find any PEM data in key input";
  if (!keys.some((label) => label.endsWith("PRIVATE KEY"))) {
    return keys.length === 1 && keys[0] === "CERTIFICATE"
      ? "tls: found a certificate rather than a key in the PEM for the private key"
      : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keys.join(" ")}]`;
  }
  const [holder, pair] = [readCertificate(certificate), publicPartOf(key)];
  // Keys of another make than the simulation's own cannot be compared here.
  if (!holder || !pair) return undefined;
  const same = pair.length === holder.publicKey.length && pair.every((b, i) => b === holder.publicKey[i]);
  return same ? undefined : "tls: private key does not match public key";
}

function labelsIn(text: string): readonly string[] {
  return [...text.matchAll(blockLabels)].map((found) => found[1] ?? "");
}
