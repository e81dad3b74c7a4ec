import type { LabelSelector } from "../types/meta.ts";
import type { Pod, PodAffinityTerm } from "../types/pod.ts";

interface Keyed {
  labelSelector?: LabelSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

/**
 * Writes the values that a new pod has for matchLabelKeys and mismatchLabelKeys into the selectors beside them
 * (kubernetes pkg/registry/core/pod strategy.go mutatePodAffinity and mutateTopologySpreadConstraints, 1.35).
 */
export function applyLabelKeys({ metadata, spec }: Pod): void {
  const labels = metadata.labels ?? {};
  for (const group of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of group?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      apply(podAffinityTerm, labels);
    for (const term of group?.requiredDuringSchedulingIgnoredDuringExecution ?? []) apply(term, labels);
  }
  for (const constraint of spec.topologySpreadConstraints ?? []) apply(constraint as Keyed, labels);
}

function apply(term: PodAffinityTerm | Keyed, labels: Readonly<Record<string, string>>): void {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  // Without a selector nothing is matched anyway.
  if (!labelSelector) return;
  add(labelSelector, matchLabelKeys, "In", labels);
  add(labelSelector, mismatchLabelKeys, "NotIn", labels);
}

function add(
  selector: LabelSelector,
  keys: readonly string[],
  operator: "In" | "NotIn",
  labels: Readonly<Record<string, string>>,
): void {
  for (const key of keys) {
    const value = labels[key];
    if (value === undefined) continue;
    selector.matchExpressions ??= [];
    selector.matchExpressions.push({ key, operator, values: [value] });
  }
}
