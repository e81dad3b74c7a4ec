import { compareText } from "../base/go-text.ts";
import { selectorOf, selectorText as textOf } from "../base/selector.ts";
import type { LabelSelector, LabelSelectorRequirement } from "./types/meta.ts";

/** Whether labels fit a label selector. A missing selector fits nothing, an empty one everything. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (!selector) return false;
  const wanted = selector.matchLabels;
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  for (const requirement of selector.matchExpressions ?? []) if (!meets(requirement, labels)) return false;
  return true;
}

/** Whether labels fit a plain map of labels, as a Service selects; an empty map fits nothing. */
export function matchesLabels(
  wanted: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  let some = false;
  for (const key in wanted) {
    if (labels?.[key] !== wanted[key]) return false;
    some = true;
  }
  return some;
}

function meets(requirement: LabelSelectorRequirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const value = labels?.[requirement.key];
  switch (requirement.operator) {
    case "In":
      return value !== undefined && (requirement.values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(requirement.values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** A label selector as text, `a=b,c in (x,y),!d`, keys sorted; "" where it selects everything. */
export function selectorText(selector: LabelSelector | undefined): string {
  return textOf(selectorOf(selector) ?? []);
}

/** A map of labels as text, `a=b,c=d`, keys sorted. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(labels ?? {})
    .sort(compareText)
    .map((key) => `${key}=${labels?.[key]}`)
    .join(",");
}
