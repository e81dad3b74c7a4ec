import { fromBase64 } from "../../../base/base64.ts";
import { goQuote } from "../../../base/go-text.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { readRequest } from "../../../base/x509/request.ts";
import type { CertificateSigningRequest } from "../../../kinds/types/certificates.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";

// kubernetes plugin/pkg/admission/certificates, 1.35.

/** Who decides on a request must be allowed to approve for its signer. */
export const certificateApproval: AdmissionPlugin = {
  name: "CertificateApproval",
  only: ["certificatesigningrequests.certificates.k8s.io/approval"],
  validate(request, server) {
    const object = requestAt(request, "approval");
    if (request.operation === "UPDATE" && object) checkSigner(request, object, "approve", server);
  },
};

/** Who hands a certificate out must be allowed to sign for its signer. */
export const certificateSigning: AdmissionPlugin = {
  name: "CertificateSigning",
  only: ["certificatesigningrequests.certificates.k8s.io/status"],
  validate(request, server) {
    const object = requestAt(request, "status");
    if (request.operation !== "UPDATE" || !object) return;
    const old = request.old as CertificateSigningRequest | undefined;
    const failed = ({ status }: CertificateSigningRequest) =>
      JSON.stringify(status?.conditions?.filter(({ type }) => type === "Failed") ?? []);
    const same = old && object.status?.certificate === old.status?.certificate && failed(object) === failed(old);
    if (!same) checkSigner(request, object, "sign", server);
  },
};

/** Nobody becomes a member of system:masters by a request. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  only: ["certificatesigningrequests.certificates.k8s.io"],
  validate(request) {
    const object = requestAt(request, undefined);
    if (request.operation !== "CREATE" || object?.spec.signerName !== "kubernetes.io/kube-apiserver-client") return;
    const read = readRequest(textOf(fromBase64(object.spec.request) ?? new Uint8Array()));
    if (read === undefined || read === "malformed" || !read.subject.organizations.includes("system:masters")) return;
    const why = "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed";
    throw forbidden(request.kind, object.metadata.name, why);
  },
};

function requestAt(
  { kind, object, subresource }: AdmissionRequest,
  at: string | undefined,
): CertificateSigningRequest | undefined {
  const fits = kind.group === "certificates.k8s.io" && kind.plural === "certificatesigningrequests";
  return fits && subresource === at ? (object as CertificateSigningRequest | undefined) : undefined;
}

/** The right is on the signer's name, or on all signers of its domain. */
function checkSigner(
  request: AdmissionRequest,
  { metadata, spec }: CertificateSigningRequest,
  verb: "approve" | "sign",
  server: AdmissionTools,
): void {
  const { signerName } = spec;
  const domain = signerName.slice(0, signerName.indexOf("/"));
  const about = { verb, group: "certificates.k8s.io", resource: "signers" };
  if ([signerName, `${domain}/*`].some((name) => server.may(request.user, { ...about, name }))) return;
  const why = `user not permitted to ${verb} requests with signerName ${goQuote(signerName)}`;
  throw forbidden(request.kind, metadata.name, why);
}
