import type { Kind } from "../../../kinds/define.ts";

function review(group: string, kind: string, plural: string, namespaced = false): Kind {
  return { kind, plural, group, version: "v1", namespaced, verbs: ["create"], columns: [] };
}

/** Questions to the server: created, answered in their status, never stored. */
export const reviewKinds: readonly Kind[] = [
  review("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews"),
  review("authentication.k8s.io", "TokenReview", "tokenreviews"),
  review("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews", true),
  review("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
  review("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
  review("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews"),
];
