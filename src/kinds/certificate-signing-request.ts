import { SECOND } from "../base/clock.ts";
import { humanDuration } from "../base/human-duration.ts";
import { ageColumn, column, nameColumn } from "./cells.ts";
import { decisionText } from "./certificate-signing-request/decision.ts";
import { describeCertificateSigningRequest } from "./certificate-signing-request/describe.ts";
import type { Kind } from "./define.ts";
import type { CertificateSigningRequest } from "./types/certificates.ts";
import { decisionProblems, requestProblems } from "./validation/certificate-request.ts";

/** What somebody asks a signer for, and what came of it. */
export const certificateSigningRequest: Kind<CertificateSigningRequest> = {
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  group: "certificates.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["csr"],
  subresources: [
    { name: "approval", kind: "CertificateSigningRequest", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "CertificateSigningRequest", verbs: ["get", "patch", "update"] },
  ],
  nameRule: "any",
  defaults(object) {
    object.spec ??= {} as CertificateSigningRequest["spec"];
    object.status ??= {};
  },
  prepareForCreate(object, by) {
    object.status = {};
    const { spec } = object;
    for (const field of ["username", "uid", "groups", "extra"] as const) delete spec[field];
    if (!by) return;
    if (by.name) spec.username = by.name;
    if (by.uid) spec.uid = by.uid;
    if (by.groups.length > 0) spec.groups = [...by.groups];
    const extra = Object.entries(by.extra ?? {}).map(([key, values]): [string, string[]] => [key, [...values]]);
    if (extra.length > 0) spec.extra = Object.fromEntries(extra);
  },
  prepareForUpdate(object, old) {
    object.spec = structuredClone(old.spec);
  },
  problems: requestProblems,
  problemsOfSubresource: decisionProblems,
  selectable: ({ spec }) => ({ "spec.signerName": spec.signerName ?? "" }),
  columns: [
    nameColumn,
    ageColumn,
    column("SignerName", ({ spec }) => spec.signerName || "<none>"),
    column("Requestor", ({ spec }) => spec.username ?? ""),
    column("RequestedDuration", ({ spec }) =>
      spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * SECOND),
    ),
    column("Condition", decisionText),
  ],
  describe: describeCertificateSigningRequest,
};
