import { compareText } from "../base/go-text.ts";
import { selectorOf, selectorText as textOf } from "../base/selector.ts";
import type { LabelSelector } from "./types/meta.ts";

export { matchesSelector } from "../base/selector.ts";

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
