import type { LabelSelector, LabelSelectorRequirement } from "../../kinds/types/meta.ts";
import type { Pod, PodAffinityTerm } from "../../kinds/types/pod.ts";

/** What the pod itself adds to a term or constraint: keys whose values others must share, or must not. */
interface KeyedTerm {
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/**
 * The selector of a term with matchLabelKeys and mismatchLabelKeys of the pod in it. The API server writes them into
 * the selector (pkg/registry/core/pod strategy.go, 1.35); to say the same twice changes nothing.
 */
export function selectorOfTerm(term: PodAffinityTerm | KeyedTerm, owner: Pod): LabelSelector | undefined {
  const { labelSelector, matchLabelKeys, mismatchLabelKeys } = term as KeyedTerm;
  if (!labelSelector || !(matchLabelKeys?.length || mismatchLabelKeys?.length)) return labelSelector;
  const { labels } = owner.metadata;
  const more: LabelSelectorRequirement[] = [];
  const add = (keys: readonly string[] = [], operator: "In" | "NotIn") => {
    for (const key of keys) {
      const value = labels?.[key];
      if (value !== undefined) more.push({ key, operator, values: [value] });
    }
  };
  add(matchLabelKeys, "In");
  add(mismatchLabelKeys, "NotIn");
  return { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...more] };
}
