import { decisionVerb } from "../../certificate-approval.ts";

/** Approves certificate signing requests. */
export const approve = decisionVerb(
  { word: "approve", operation: "approved", condition: "Approved", contrary: "Denied", reason: "KubectlApprove" },
  "Approve a certificate signing request",
);
