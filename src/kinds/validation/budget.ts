import type { Problem } from "../define.ts";
import { unsupported, wrong } from "../problem.ts";
import type { PodDisruptionBudget } from "../types/policy.ts";
import { checkSelector } from "./labels.ts";
import { checkAtMostAll, checkShare } from "./workload.ts";

const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];

/** What is wrong with a disruption budget (kubernetes pkg/apis/policy/validation, 1.35). */
export function budgetProblems({ spec }: PodDisruptionBudget): readonly Problem[] {
  const problems: Problem[] = [];
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    // Kubernetes prints its internal type here: fields as Go names them.
    const value = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    problems.push(wrong("spec", value, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const [path, share] of [
    ["spec.minAvailable", minAvailable],
    ["spec.maxUnavailable", maxUnavailable],
  ] as const) {
    checkShare(share, path, problems);
    checkAtMostAll(share, path, problems);
  }
  checkSelector(selector, "spec.selector", problems);
  if (policy !== undefined && !evictionPolicies.includes(policy))
    problems.push(unsupported("spec.unhealthyPodEvictionPolicy", policy, evictionPolicies));
  return problems;
}
