import { fromBase64 } from "../../../base/base64.ts";
import { SECOND } from "../../../base/clock.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { readCertificate } from "../../../base/x509/certificate.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { CertificateSigningRequest } from "../../../kinds/types/certificates.ts";
import type { Controller } from "../define.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Deletes old requests: decided ones after an hour, others after a day (pkg/controller/certificates/cleaner, 1.35). */
export const certificateCleaner: Controller<CertificateSigningRequest> = {
  name: "certificatesigningrequest-cleaner-controller",
  account: "certificate-controller",
  for: "certificatesigningrequests.certificates.k8s.io",
  concerns: (_object, _old, type) => type === "ADDED",
  reconcile(api, object, _key, { clock }) {
    if (!object) return undefined;
    const isPast = (time: string | null | undefined, seconds: number) =>
      time ? (parseRfc3339(time) ?? clock.now) + seconds * SECOND < clock.now : false;
    const { certificate } = object.status ?? {};
    const decided = ["Approved", "Denied", "Failed"].map((type) => conditionOf(object, type));
    const [approved, denied, failed] = decided;
    const issued = certificate ? readCertificate(textOf(fromBase64(certificate) ?? new Uint8Array())) : undefined;
    const old =
      (certificate !== undefined && isPast(approved?.lastUpdateTime, HOUR)) ||
      isPast(denied?.lastUpdateTime, HOUR) ||
      isPast(failed?.lastUpdateTime, HOUR) ||
      (decided.every((one) => !one) && isPast(object.metadata.creationTimestamp, DAY)) ||
      (issued !== undefined && approved !== undefined && issued.notAfter < clock.now);
    if (!old) return { againIn: HOUR };
    api.delete(object);
    return undefined;
  },
};
