import { conditionOf } from "../labels.ts";
import type { CertificateSigningRequest } from "../types/certificates.ts";

/** How far a request has come: `Pending`, `Approved,Issued` (printers extractCSRStatus, 1.35). */
export function decisionText(object: CertificateSigningRequest): string {
  const has = (type: string) => conditionOf(object, type) !== undefined;
  const words = [has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending"];
  if (has("Failed")) words.push("Failed");
  if (object.status?.certificate) words.push("Issued");
  return words.join(",");
}
