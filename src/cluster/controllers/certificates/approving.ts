import { rfc3339 } from "../../../base/time.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { CertificateSigningRequest } from "../../../kinds/types/certificates.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Api } from "../../apiserver/define.ts";
import type { Controller } from "../define.ts";
import { kubeletClientFault, requestIn } from "./signer.ts";

const kinds = [
  {
    right: "selfnodeclient",
    own: true,
    says: "Auto approving self kubelet client certificate after SubjectAccessReview.",
  },
  { right: "nodeclient", own: false, says: "Auto approving kubelet client certificate after SubjectAccessReview." },
];

/** Approves what kubelets ask for themselves, where RBAC lets them (pkg/controller/certificates/approver, 1.35). */
export const certificateApproving: Controller<CertificateSigningRequest> = {
  name: "certificatesigningrequest-approving-controller",
  account: "certificate-controller",
  for: "certificatesigningrequests.certificates.k8s.io",
  reconcile(api, object, _key, { clock }) {
    if (!object || object.status?.certificate || conditionOf(object, "Approved") || conditionOf(object, "Denied"))
      return undefined;
    if (object.spec.signerName !== "kubernetes.io/kube-apiserver-client-kubelet") return undefined;
    const request = requestIn(object);
    if (!request || kubeletClientFault(request, object.spec.usages ?? [])) return undefined;
    for (const { right, own, says } of kinds) {
      if (own && object.spec.username !== request.subject.commonName) continue;
      if (!mayAsk(api, object, right)) continue;
      const now = rfc3339(clock.now);
      const approved: Condition = {
        type: "Approved",
        status: "True",
        reason: "AutoApproved",
        message: says,
        lastUpdateTime: now,
        lastTransitionTime: now,
      };
      const conditions = [...(object.status?.conditions ?? []), approved];
      api.modify<CertificateSigningRequest>(
        object,
        (current) => ({ ...current, status: { ...current.status, conditions } }),
        "approval",
      );
      return undefined;
    }
    return undefined;
  },
};

function mayAsk(api: Api, { spec }: CertificateSigningRequest, subresource: string): boolean {
  const { username: user = "", uid, groups, extra } = spec;
  const review = api.create<KubeObject>({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: { name: "" },
    spec: {
      user,
      ...(uid ? { uid } : {}),
      ...(groups ? { groups: [...groups] } : {}),
      ...(extra ? { extra } : {}),
      resourceAttributes: {
        group: "certificates.k8s.io",
        resource: "certificatesigningrequests",
        verb: "create",
        subresource,
      },
    },
  });
  return (review.status as { allowed?: boolean } | undefined)?.allowed === true;
}
