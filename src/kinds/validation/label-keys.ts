import type { Problem } from "../define.ts";
import { forbidden, wrong } from "../problem.ts";
import type { LabelSelector } from "../types/meta.ts";
import { check } from "./labels.ts";
import { labelKey } from "./words.ts";

interface Keyed {
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/**
 * Keys whose values a pod's own labels give (core validation validateMatchLabelKeysAndMismatchLabelKeys, 1.35). Of a
 * pod, their values stand in the selector already: a key that is there before is one too many.
 */
export function checkLabelKeys(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Keyed,
  path: string,
  problems: Problem[],
): void {
  checkKeys(matchLabelKeys, labelSelector, `${path}.matchLabelKeys`, problems);
  checkKeys(mismatchLabelKeys, labelSelector, `${path}.mismatchLabelKeys`, problems);
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index >= 0 && seen.has(key))
      problems.push(wrong(`${path}[${index}]`, key, "exists in both matchLabelKeys and labelSelector"));
    seen.add(key);
  }
  for (const [index, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key)) {
      const detail = "exists in both matchLabelKeys and mismatchLabelKeys";
      problems.push(wrong(`${path}.matchLabelKeys[${index}]`, key, detail));
    }
}

function checkKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
  problems: Problem[],
): void {
  if (keys.length === 0) return;
  if (!selector) problems.push(forbidden(path, "must not be specified when labelSelector is not set"));
  else for (const [index, key] of keys.entries()) check(labelKey, key, `${path}[${index}]`, problems);
}
