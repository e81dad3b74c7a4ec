import type { Problem } from "../define.ts";
import { forbidden, required, tooLong, wrong } from "../problem.ts";
import type { LabelSelector } from "../types/meta.ts";
import { labelKey, labelValue, type TextRule } from "./words.ts";

/** Adds what a rule says of a text at a path. */
export function check(rule: TextRule, text: string, path: string, problems: Problem[]): void {
  for (const detail of rule(text)) problems.push(wrong(path, text, detail));
}

/** Labels, or another map with keys and values like theirs; all problems stand at the map's path. */
export function checkLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
  problems: Problem[],
): void {
  for (const key in labels) {
    check(labelKey, key, path, problems);
    check(labelValue, labels[key] ?? "", path, problems);
  }
}

/** All annotations of an object together: 256 KiB. */
const annotationsLimit = 256 * 1024;

export function checkAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
  problems: Problem[],
): void {
  let size = 0;
  for (const key in annotations) {
    for (const detail of labelKey(key.toLowerCase())) problems.push(wrong(path, key, detail));
    size += key.length + (annotations[key] ?? "").length;
  }
  if (size > annotationsLimit) problems.push(tooLong(path, annotationsLimit));
}

/** A label selector (apimachinery apis/meta/v1/validation, 0.35). */
export function checkSelector(selector: LabelSelector | undefined, path: string, problems: Problem[]): void {
  if (!selector) return;
  checkLabels(selector.matchLabels, `${path}.matchLabels`, problems);
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        problems.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        problems.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    } else problems.push(wrong(`${at}.operator`, operator ?? "", "not a valid selector operator"));
    check(labelKey, key ?? "", `${at}.key`, problems);
    for (const [place, value] of values.entries()) check(labelValue, value, `${at}.values[${place}]`, problems);
  }
}

/** A map with its keys sorted, as Go writes maps. */
export function sorted(map: Readonly<Record<string, string>> | undefined): Record<string, string> | null {
  if (!map) return null;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
