import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { required, wrong } from "../problem.ts";
import type { ResourceQuota, ScopeRequirement } from "../types/policy.ts";
import { checkAmount, checkAnyResourceName, isQuotaName } from "./resources.ts";

// kubernetes pkg/apis/core/validation ValidateResourceQuotaSpec and pkg/apis/core/helper, 1.35.

const ofPods = ["Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity"];
const scopesThatExist = ["BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "Terminating"];
const allScopes = [...ofPods, "BestEffort", "VolumeAttributesClass"];
const podNames = ["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const contraries = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];
const mustExist =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

/** What is wrong with a quota. */
export function quotaProblems({ spec = {} }: ResourceQuota): readonly Problem[] {
  const problems: Problem[] = [];
  const { hard = {}, scopes = [], scopeSelector } = spec;
  const names = Object.keys(hard).sort();
  for (const name of names) {
    const path = `spec.hard[${name}]`;
    checkAnyResourceName(name, path, problems);
    if (!name.includes("/") && !isQuotaName(name))
      problems.push(wrong(path, name, "must be a standard resource for quota"));
    checkAmount(name, hard[name] ?? "0", path, problems);
  }
  for (const scope of scopes) {
    if (!allScopes.includes(scope)) problems.push(wrong("spec.scopes", scopes, "unsupported scope"));
    for (const name of names)
      if (isQuotaName(name) && !fits(scope, name))
        problems.push(wrong("spec.scopes", scopes, "unsupported scope applied to resource"));
  }
  checkContraries(scopes, scopes, problems);
  const path = "spec.scopeSelector.matchExpressions";
  for (const requirement of scopeSelector?.matchExpressions ?? []) {
    if (!allScopes.includes(requirement.scopeName))
      problems.push(wrong(`${path}.scopeName`, requirement.scopeName, "unsupported scope"));
    for (const name of names)
      if (isQuotaName(name) && !fits(requirement.scopeName, name))
        problems.push(wrong(path, inner(scopeSelector?.matchExpressions), "unsupported scope applied to resource"));
    checkRequirement(requirement, path, problems);
  }
  const selected = scopeSelector?.matchExpressions?.map(({ scopeName }) => scopeName) ?? [];
  checkContraries(selected, spec.scopes ?? null, problems);
  return problems;
}

/** Kubernetes prints its internal type here: fields as Go names them. */
function inner(requirements: readonly ScopeRequirement[] = []): object {
  return {
    MatchExpressions: requirements.map(({ scopeName, operator, values = null }) => ({
      ScopeName: scopeName,
      Operator: operator,
      Values: values,
    })),
  };
}

function fits(scope: string, name: string): boolean {
  if (scope === "BestEffort") return name === "pods";
  return !ofPods.includes(scope) || podNames.includes(name);
}

function checkContraries(scopes: readonly string[], shown: unknown, problems: Problem[]): void {
  for (const pair of contraries)
    if (pair.every((scope) => scopes.includes(scope))) problems.push(wrong("spec.scopes", shown, "conflicting scopes"));
}

function checkRequirement({ scopeName, operator, values }: ScopeRequirement, path: string, problems: Problem[]): void {
  if (scopesThatExist.includes(scopeName) && operator !== "Exists")
    problems.push(wrong(`${path}.operator`, operator, mustExist));
  if (operator === "In" || operator === "NotIn") {
    if (!values?.length)
      problems.push(
        required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
      );
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values?.length) problems.push(wrong(`${path}.values`, values, detail));
  } else problems.push(wrong(`${path}.operator`, operator ?? "", "not a valid selector operator"));
}

/** A quota keeps its scopes. */
export function quotaProblemsOfUpdate({ spec }: ResourceQuota, old: ResourceQuota): readonly Problem[] {
  const [now, before] = [spec?.scopes ?? [], old.spec?.scopes ?? []].map((scopes) => [...scopes].sort());
  return equal(now, before) ? [] : [wrong("spec.scopes", spec?.scopes ?? null, "field is immutable")];
}
