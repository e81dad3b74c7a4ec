import type { Problem } from "../define.ts";
import { duplicate, required, unsupported, wrong } from "../problem.ts";
import type { MatchResources, NamedOperationRule, OperationRule } from "../types/admission.ts";
import { check, checkSelector } from "./labels.ts";
import { pathSegment } from "./words.ts";

// kubernetes pkg/apis/admissionregistration/validation, 1.35.

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];

export const failurePolicies = ["Fail", "Ignore"];
export const matchPolicies = ["Equivalent", "Exact"];

/** What is wrong with the requests that a webhook or a policy is for. */
export function ruleProblems(rule: OperationRule, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const asked = rule.operations ?? [];
  alone(asked, `${path}.operations`, "operations", problems);
  for (const [i, operation] of asked.entries())
    if (!operations.includes(operation)) problems.push(unsupported(`${path}.operations[${i}]`, operation, operations));
  alone(rule.apiGroups ?? [], `${path}.apiGroups`, "API groups", problems);
  alone(rule.apiVersions ?? [], `${path}.apiVersions`, "API versions", problems);
  for (const [i, version] of (rule.apiVersions ?? []).entries())
    if (version === "") problems.push(required(`${path}.apiVersions[${i}]`));
  problems.push(...resourceProblems(rule.resources ?? [], `${path}.resources`));
  if (rule.scope !== undefined && !scopes.includes(rule.scope))
    problems.push(unsupported(`${path}.scope`, rule.scope, scopes));
  return problems;
}

/** A list must have something in it, and where it has "*", nothing else. */
function alone(list: readonly string[], path: string, what: string, problems: Problem[]): void {
  if (list.length === 0) problems.push(required(path));
  if (list.length > 1 && list.includes("*"))
    problems.push(wrong(path, list, `if '*' is present, must not specify other ${what}`));
}

function resourceProblems(resources: readonly string[], path: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (resources.length === 0) problems.push(required(path));
  const [withAll, ofAll] = [new Set<string>(), new Set<string>()];
  let isPlain = false;
  for (const [i, resource] of resources.entries()) {
    const at = `${path}[${i}]`;
    if (resource === "") {
      problems.push(required(at));
      continue;
    }
    const slash = resource.indexOf("/");
    if (slash < 0) {
      isPlain = resource !== "*";
      continue;
    }
    const [name, sub] = [resource.slice(0, slash), resource.slice(slash + 1)];
    const clash = (mark: string) => wrong(at, resource, `if '${mark}' is present, must not specify ${resource}`);
    if (withAll.has(name)) problems.push(clash(`${name}/*`));
    if (ofAll.has(sub)) problems.push(clash(`*/${sub}`));
    if (sub === "*") withAll.add(name);
    if (name === "*") ofAll.add(sub);
  }
  if (resources.length > 1 && resources.includes("*/*"))
    problems.push(wrong(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes("*") && isPlain) {
    const detail = "if '*' is present, must not specify other resources without subresources";
    problems.push(wrong(path, resources, detail));
  }
  return problems;
}

/** What is wrong with the matchConstraints of a policy or the matchResources of a binding. */
export function matchProblems(match: MatchResources, path: string): Problem[] {
  const problems: Problem[] = [];
  const { matchPolicy = "", namespaceSelector, objectSelector } = match;
  if (!matchPolicies.includes(matchPolicy))
    problems.push(unsupported(`${path}.matchPolicy`, matchPolicy, matchPolicies));
  checkSelector(namespaceSelector, `${path}.namespaceSelector`, problems);
  checkSelector(objectSelector, `${path}.objectSelector`, problems);
  for (const field of ["resourceRules", "excludeResourceRules"] as const)
    for (const [i, rule] of (match[field] ?? []).entries())
      problems.push(...namedRuleProblems(rule, `${path}.${field}[${i}]`));
  return problems;
}

function namedRuleProblems(rule: NamedOperationRule, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [i, name] of (rule.resourceNames ?? []).entries()) {
    const at = `${path}.resourceNames[${i}]`;
    check(pathSegment, name, at, problems);
    if (seen.has(name)) problems.push(duplicate(at, name));
    seen.add(name);
  }
  return [...problems, ...ruleProblems(rule, path)];
}
