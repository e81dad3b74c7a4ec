import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { matchesSelector } from "../label-selector.ts";
import { forbidden, immutable, required, unsupported, wrong } from "../problem.ts";
import type { IntOrString, LabelSelector } from "../types/meta.ts";
import type { PodTemplateSpec } from "../types/pod.ts";
import { checkSelector, sorted } from "./labels.ts";
import { checkPodTemplate } from "./pod-spec.ts";
import { notNegative, percent } from "./words.ts";

// kubernetes pkg/apis/apps/validation, 1.35.

interface Spec {
  readonly selector?: LabelSelector;
  readonly template: PodTemplateSpec;
}

/** Selector and template of a workload that keeps its pods running. `kind` is the word its messages use for it. */
export function checkWorkload(spec: Spec, kind: string, problems: Problem[]): void {
  const { template } = spec;
  const selects = checkOwnSelector(spec.selector, kind, problems);
  if (selects && !matchesSelector(spec.selector, template.metadata?.labels)) {
    const labels = sorted(template.metadata?.labels);
    problems.push(wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
  }
  checkPodTemplate(template, "spec.template", problems);
  const { restartPolicy = "", activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== "Always")
    problems.push(unsupported("spec.template.spec.restartPolicy", restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined) {
    const word = kind === "Deployment" ? "ReplicaSet" : kind;
    const detail = `activeDeadlineSeconds in ${word} is not Supported`;
    problems.push(forbidden("spec.template.spec.activeDeadlineSeconds", detail));
  }
}

/** Says whether the selector can be compared with labels: a missing one can, and matches none. */
function checkOwnSelector(selector: LabelSelector | undefined, kind: string, problems: Problem[]): boolean {
  if (!selector) {
    problems.push(required("spec.selector"));
    return true;
  }
  const before = problems.length;
  checkSelector(selector, "spec.selector", problems);
  const isWrong = problems.length > before;
  if (!hasKeys(selector.matchLabels) && !selector.matchExpressions?.length) {
    // A replica set's message says deployment too.
    const word = kind === "ReplicaSet" ? "deployment" : kind.toLowerCase();
    problems.push(wrong("spec.selector", selector, `empty selector is invalid for ${word}`));
  }
  const detail = kind === "StatefulSet" ? "" : "invalid label selector";
  if (isWrong && kind !== "DaemonSet") problems.push(wrong("spec.selector", selector, detail));
  return !isWrong;
}

function hasKeys(map: object | undefined): boolean {
  for (const _ in map) return true;
  return false;
}

/** A count that may be left out. */
export function checkCount(value: number | undefined, path: string, problems: Problem[]): void {
  if (value !== undefined && value < 0) problems.push(wrong(path, value, notNegative));
}

/** A number or a share in percent. */
export function checkShare(value: IntOrString | undefined, path: string, problems: Problem[]): void {
  if (typeof value === "string") for (const detail of percent(value)) problems.push(wrong(path, value, detail));
  else checkCount(value, path, problems);
}

/** What a number or share comes to where it is a number of percent. */
export function shareValue(value: IntOrString | undefined): number {
  if (typeof value === "number") return value;
  return value?.endsWith("%") ? Number.parseInt(value, 10) || 0 : 0;
}

/** Not more than all. */
export function checkAtMostAll(value: IntOrString | undefined, path: string, problems: Problem[]): void {
  if (typeof value === "string" && percent(value).length === 0 && shareValue(value) > 100)
    problems.push(wrong(path, value, "must not be greater than 100%"));
}

/** A workload keeps its selector. */
export function selectorProblemsOfUpdate(
  object: { spec: { selector: LabelSelector } },
  old: { spec: { selector: LabelSelector } },
): readonly Problem[] {
  if (equal(object.spec.selector, old.spec.selector)) return [];
  return [immutable("spec.selector", object.spec.selector)];
}
