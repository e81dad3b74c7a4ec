import type { Problem } from "../define.ts";
import { forbidden, required, wrong } from "../problem.ts";
import type { LabelSelector } from "../types/meta.ts";
import type { Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm } from "../types/pod.ts";
import { checkLabelKeys } from "./label-keys.ts";
import { check, checkSelector } from "./labels.ts";
import { dnsLabel, dnsSubdomain, labelKey, labelValue } from "./words.ts";

// kubernetes pkg/apis/core/validation validateAffinity, ValidateNodeSelector, 1.35.

const must = "requiredDuringSchedulingIgnoredDuringExecution";
const prefers = "preferredDuringSchedulingIgnoredDuringExecution";
const weightRange = "must be in the range 1-100";

/** Where a pod wants to be. */
export function checkAffinity(affinity: Affinity | undefined, path: string, problems: Problem[]): void {
  if (!affinity) return;
  const { nodeAffinity } = affinity;
  if (nodeAffinity?.[must]) checkNodeSelector(nodeAffinity[must], `${path}.nodeAffinity.${must}`, problems);
  for (const [index, { weight, preference }] of (nodeAffinity?.[prefers] ?? []).entries()) {
    const at = `${path}.nodeAffinity.${prefers}[${index}]`;
    if (weight < 1 || weight > 100) problems.push(wrong(`${at}.weight`, weight, weightRange));
    checkTerm(preference, false, `${at}.preference`, problems);
  }
  for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
    for (const [index, term] of (affinity[kind]?.[must] ?? []).entries())
      checkPodTerm(term, `${path}.${kind}.${must}[${index}]`, problems);
    for (const [index, { weight, podAffinityTerm }] of (affinity[kind]?.[prefers] ?? []).entries()) {
      const at = `${path}.${kind}.${prefers}[${index}]`;
      if (weight < 1 || weight > 100) problems.push(wrong(`${at}.weight`, weight, weightRange));
      checkPodTerm(podAffinityTerm, `${at}.podAffinityTerm`, problems);
    }
  }
}

/** Terms of which a node must fit one. */
export function checkNodeSelector(
  selector: { nodeSelectorTerms?: readonly NodeSelectorTerm[] },
  path: string,
  problems: Problem[],
): void {
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0)
    problems.push(required(`${path}.nodeSelectorTerms`, "must have at least one node selector term"));
  for (const [index, term] of terms.entries()) checkTerm(term, true, `${path}.nodeSelectorTerms[${index}]`, problems);
}

function checkTerm(term: NodeSelectorTerm, strict: boolean, path: string, problems: Problem[]): void {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries())
    checkRequirement(requirement, strict, `${path}.matchExpressions[${index}]`, problems);
  for (const [index, requirement] of (term.matchFields ?? []).entries())
    checkField(requirement, `${path}.matchFields[${index}]`, problems);
}

function checkRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  strict: boolean,
  path: string,
  problems: Problem[],
): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      problems.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      problems.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      problems.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else problems.push(wrong(`${path}.operator`, operator ?? "", "not a valid selector operator"));
  check(labelKey, key ?? "", `${path}.key`, problems);
  if (strict)
    for (const [index, value] of values.entries()) check(labelValue, value, `${path}.values[${index}]`, problems);
}

function checkField({ key, operator, values = [] }: NodeSelectorRequirement, path: string, problems: Problem[]): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length !== 1) {
      const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
      problems.push(required(`${path}.values`, detail));
    }
  } else problems.push(wrong(`${path}.operator`, operator ?? "", "not a valid selector operator"));
  if (key !== "metadata.name") problems.push(wrong(`${path}.key`, key, "not a valid field selector key"));
  else for (const [index, value] of values.entries()) check(dnsSubdomain, value, `${path}.values[${index}]`, problems);
}

function checkPodTerm(term: PodAffinityTerm, path: string, problems: Problem[]): void {
  checkSelector(term.labelSelector, `${path}.labelSelector`, problems);
  checkSelector(term.namespaceSelector, `${path}.namespaceSelector`, problems);
  for (const name of term.namespaces ?? []) check(dnsLabel, name, `${path}.namespace`, problems);
  checkLabelKeys(term, path, problems);
  if (!term.topologyKey) problems.push(required(`${path}.topologyKey`, "can not be empty"));
  check(labelKey, term.topologyKey ?? "", `${path}.topologyKey`, problems);
}

interface Spread {
  maxSkew?: number;
  topologyKey?: string;
  whenUnsatisfiable?: string;
  minDomains?: number;
  labelSelector?: LabelSelector;
  matchLabelKeys?: string[];
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
}

/** How evenly pods want to be spread. */
export function checkSpread(
  constraints: readonly Record<string, unknown>[] | undefined,
  path: string,
  problems: Problem[],
): void {
  const all = (constraints ?? []) as readonly Spread[];
  for (const [index, constraint] of all.entries()) {
    checkConstraint(constraint, all.slice(index + 1), `${path}[${index}]`, problems);
    checkSelector(constraint.labelSelector, `${path}[${index}].labelSelector`, problems);
  }
}

function checkConstraint(constraint: Spread, later: readonly Spread[], path: string, problems: Problem[]): void {
  const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", minDomains } = constraint;
  if (maxSkew <= 0) problems.push(wrong(`${path}.maxSkew`, maxSkew, "must be greater than zero"));
  if (topologyKey === "") problems.push(required(`${path}.topologyKey`, "can not be empty"));
  const actions = ["DoNotSchedule", "ScheduleAnyway"];
  if (!actions.includes(whenUnsatisfiable))
    problems.push({
      type: "NotSupported",
      path: `${path}.whenUnsatisfiable`,
      value: whenUnsatisfiable,
      supported: actions,
    });
  if (later.some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)) {
    const value = `{${topologyKey}, ${whenUnsatisfiable}}`;
    problems.push({ type: "Duplicate", path: `${path}.{topologyKey, whenUnsatisfiable}`, value });
  }
  if (minDomains !== undefined) {
    if (minDomains <= 0) problems.push(wrong(`${path}.minDomains`, minDomains, "must be greater than zero"));
    if (whenUnsatisfiable !== "DoNotSchedule") {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      problems.push(wrong(`${path}.minDomains`, minDomains, detail));
    }
  }
  for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
    const value = constraint[field];
    if (value !== undefined && value !== "Honor" && value !== "Ignore")
      problems.push({ type: "NotSupported", path: `${path}.${field}`, value, supported: ["Honor", "Ignore"] });
  }
  checkLabelKeys(constraint, path, problems);
}
