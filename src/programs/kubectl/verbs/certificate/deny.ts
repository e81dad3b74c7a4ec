import { decisionVerb } from "../../certificate-approval.ts";

/** Denies certificate signing requests. */
export const deny = decisionVerb(
  { word: "deny", operation: "denied", condition: "Denied", contrary: "Approved", reason: "KubectlDeny" },
  "Deny a certificate signing request",
);
