import type { Problem } from "../define.ts";
import { required, unsupported, wrong } from "../problem.ts";
import type { PolicyRule, Role, RoleBinding } from "../types/core.ts";
import { check } from "./labels.ts";
import { dnsSubdomain, pathSegment } from "./words.ts";

// kubernetes pkg/apis/rbac/validation, 1.35.

const rbac = "rbac.authorization.k8s.io";

/** What is wrong with a role, of a namespace or of the cluster. */
export function roleProblems(role: Role, namespaced: boolean): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, rule] of (role.rules ?? []).entries()) checkRule(rule, namespaced, `rules[${index}]`, problems);
  return problems;
}

function checkRule(rule: PolicyRule, namespaced: boolean, path: string, problems: Problem[]): void {
  // Go's nil list of verbs is kept as null.
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (!rule.verbs?.length) problems.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const at = `${path}.nonResourceURLs`;
    if (namespaced) problems.push(wrong(at, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      const detail = "rules cannot apply to both regular resources and non-resource URLs";
      problems.push(wrong(at, nonResourceURLs, detail));
    }
    return;
  }
  if (apiGroups.length === 0)
    problems.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (resources.length === 0)
    problems.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  if (resourceNames.length > 0 && resources.length > 1)
    problems.push(required(`${path}.resourceNames`, "resource names cannot apply to multiple resources"));
}

/** What is wrong with a binding, of a namespace or of the cluster. */
export function bindingProblems(binding: RoleBinding, namespaced: boolean): readonly Problem[] {
  const problems: Problem[] = [];
  const { apiGroup, kind, name } = binding.roleRef;
  if (apiGroup !== rbac) problems.push(unsupported("roleRef.apiGroup", apiGroup, [rbac]));
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(kind)) problems.push(unsupported("roleRef.kind", kind ?? "", kinds));
  if (!name) problems.push(required("roleRef.name"));
  else check(pathSegment, name, "roleRef.name", problems);
  for (const [index, subject] of (binding.subjects ?? []).entries())
    checkSubject(subject, namespaced, `subjects[${index}]`, problems);
  return problems;
}

type Subject = NonNullable<RoleBinding["subjects"]>[number];

function checkSubject(subject: Subject, namespaced: boolean, path: string, problems: Problem[]): void {
  const { kind = "", name = "", apiGroup = "", namespace = "" } = subject;
  if (name === "") problems.push(required(`${path}.name`));
  if (kind === "ServiceAccount") {
    if (name !== "") check(dnsSubdomain, name, `${path}.name`, problems);
    if (apiGroup !== "") problems.push(unsupported(`${path}.apiGroup`, apiGroup, [""]));
    if (!namespaced && namespace === "") problems.push(required(`${path}.namespace`));
  } else if (kind === "User" || kind === "Group") {
    if (name === "") problems.push(wrong(`${path}.name`, name, `${kind.toLowerCase()} name cannot be empty`));
    if (apiGroup !== rbac) problems.push(unsupported(`${path}.apiGroup`, apiGroup, [rbac]));
  } else problems.push(unsupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"]));
}

/** A binding keeps its role. */
export function bindingProblemsOfUpdate({ roleRef }: RoleBinding, old: RoleBinding): readonly Problem[] {
  const { apiGroup, kind, name } = old.roleRef;
  if (roleRef.apiGroup === apiGroup && roleRef.kind === kind && roleRef.name === name) return [];
  // Kubernetes prints its internal type here: fields as Go names them.
  const value = { APIGroup: roleRef.apiGroup, Kind: roleRef.kind, Name: roleRef.name };
  return [wrong("roleRef", value, "cannot change roleRef")];
}
