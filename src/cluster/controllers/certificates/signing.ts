import { base64Of } from "../../../base/base64.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import { rfc3339 } from "../../../base/time.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { CertificateSigningRequest } from "../../../kinds/types/certificates.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Controller } from "../define.ts";
import { requestIn, signed, signerFault, signers } from "./signer.ts";

/** Hands out certificates for approved requests, signed by the cluster's authority (pkg/controller/certificates/signer, 1.35). */
export const certificateSigning: Controller<CertificateSigningRequest> = {
  name: "certificatesigningrequest-signing-controller",
  account: "certificate-controller",
  for: "certificatesigningrequests.certificates.k8s.io",
  reconcile(api, object, _key, { clock, random, flags, signer }) {
    const flag = object && signers[object.spec.signerName];
    if (!object || !flag || object.status?.certificate) return undefined;
    if (!conditionOf(object, "Approved") || conditionOf(object, "Denied") || conditionOf(object, "Failed"))
      return undefined;
    const request = requestIn(object);
    const authority = signer?.(flag);
    if (!request || !authority) return undefined;
    const fault = signerFault(object.spec.signerName, request, object.spec.usages ?? []);
    if (fault) {
      const now = rfc3339(clock.now);
      const failed: Condition = {
        type: "Failed",
        status: "True",
        reason: "SignerValidationFailure",
        message: fault,
        lastUpdateTime: now,
        lastTransitionTime: now,
      };
      const conditions = [...(object.status?.conditions ?? []), failed];
      api.modify<CertificateSigningRequest>(
        object,
        (current) => ({ ...current, status: { ...current.status, conditions } }),
        "status",
      );
      return undefined;
    }
    const longest = parseGoDuration(flags["cluster-signing-duration"] ?? "8760h0m0s");
    const pem = signed(object, request, authority, longest, clock.now, random);
    if (pem === undefined) return undefined;
    const certificate = base64Of(bytesOf(pem));
    api.modify<CertificateSigningRequest>(
      object,
      (current) => ({ ...current, status: { ...current.status, certificate } }),
      "status",
    );
    return undefined;
  },
};
