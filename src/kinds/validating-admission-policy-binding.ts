import { ageColumn, column, nameColumn } from "./cells.ts";
import { matchDefaults } from "./defaults/admission.ts";
import type { Kind } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import type { ValidatingAdmissionPolicyBinding } from "./types/admission.ts";
import { bindingProblems } from "./validation/admission-policy.ts";

/** Where a policy holds, with which parameters, and what follows from a breach. */
export const validatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = {
  kind: "ValidatingAdmissionPolicyBinding",
  plural: "validatingadmissionpolicybindings",
  group: "admissionregistration.k8s.io",
  version: "v1",
  namespaced: false,
  categories: ["api-extensions"],
  countsGenerations: true,
  needsVersion: true,
  defaults(object) {
    object.spec ??= {};
    if (object.spec.matchResources) matchDefaults(object.spec.matchResources);
  },
  problems: bindingProblems,
  columns: [
    nameColumn,
    column("PolicyName", ({ spec }) => spec.policyName ?? ""),
    column("ParamRef", ({ spec }) => paramText(spec.paramRef)),
    ageColumn,
  ],
  describe: describeGeneric,
};

function paramText(ref: ValidatingAdmissionPolicyBinding["spec"]["paramRef"]): string {
  if (ref?.name) return `${ref.namespace || "*"}/${ref.name}`;
  return ref?.selector ? selectorGoText(ref.selector) : "<unset>";
}

/** The selector as its generated String method writes it (printValidatingAdmissionPolicyBinding, 1.35). */
function selectorGoText({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<NonNullable<ValidatingAdmissionPolicyBinding["spec"]["paramRef"]>["selector"]>): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`)
    .join("");
  const conditions = matchExpressions
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
    )
    .join("");
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${conditions}},}`;
}
