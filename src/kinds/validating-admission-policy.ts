import { ageColumn, column, count, nameColumn } from "./cells.ts";
import { matchDefaults } from "./defaults/admission.ts";
import type { Kind } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import type { ValidatingAdmissionPolicy } from "./types/admission.ts";
import { policyProblems } from "./validation/admission-policy.ts";

/** What objects have to be like, in CEL. */
export const validatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = {
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  group: "admissionregistration.k8s.io",
  version: "v1",
  namespaced: false,
  categories: ["api-extensions"],
  subresources: [{ name: "status", kind: "ValidatingAdmissionPolicy", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  needsVersion: true,
  defaults(object) {
    object.spec ??= {};
    object.spec.failurePolicy ??= "Fail";
    if (object.spec.matchConstraints) matchDefaults(object.spec.matchConstraints);
  },
  prepareForCreate(object) {
    object.status = {};
  },
  problems: policyProblems,
  columns: [
    nameColumn,
    count("Validations", ({ spec }) => spec.validations?.length),
    column("ParamKind", ({ spec: { paramKind } }) =>
      paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : "<unset>",
    ),
    ageColumn,
  ],
  describe: describeGeneric,
};
