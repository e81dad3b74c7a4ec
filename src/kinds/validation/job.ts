import { FormatError } from "../../base/format-error.ts";
import type { Problem } from "../define.ts";
import { parseIndexes } from "../job-indexes.ts";
import { duplicate, required, tooLong, unsupported, wrong } from "../problem.ts";
import type { JobSpec, PodFailurePolicyRule, SuccessPolicyRule } from "../types/batch.ts";
import { check } from "./labels.ts";
import { checkPodTemplate } from "./pod-spec.ts";
import { labelKey } from "./words.ts";
import { checkCount } from "./workload.ts";

// kubernetes pkg/apis/batch/validation validateJobSpec, 1.35.

const indexedParallelism = 100_000;
const indexedFailures = 100_000;
const manyCompletions = 100_000;
const parallelismOfMany = 10_000;
const failuresOfMany = 10_000;

/** A job's spec, its own or that of a cron job's template: everything but the selector. */
export function checkJobSpec(spec: JobSpec, path: string, problems: Problem[]): void {
  for (const field of [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  ] as const)
    checkCount(spec[field], `${path}.${field}`, problems);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    problems.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  checkMode(spec, path, problems);
  if (spec.podFailurePolicy) checkFailurePolicy(spec, `${path}.podFailurePolicy.rules`, problems);
  if (spec.successPolicy) {
    if (spec.completionMode === "Indexed") checkSuccessPolicy(spec, `${path}.successPolicy.rules`, problems);
    else {
      const value = { Rules: spec.successPolicy.rules ?? null };
      problems.push(wrong(`${path}.successPolicy`, value, "requires indexed completion mode"));
    }
  }
  checkReplacement(spec, `${path}.podReplacementPolicy`, problems);
  checkPodTemplate(spec.template, `${path}.template`, problems);
  checkRestarts(spec, `${path}.template.spec.restartPolicy`, problems);
}

function checkMode(spec: JobSpec, path: string, problems: Problem[]): void {
  const mode = spec.completionMode ?? "NonIndexed";
  if (mode !== "NonIndexed" && mode !== "Indexed")
    problems.push(unsupported(`${path}.completionMode`, mode, ["NonIndexed", "Indexed"]));
  if (mode === "Indexed") checkIndexed(spec, path, problems);
  if (mode !== "NonIndexed") return;
  for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
    if (spec[field] !== undefined)
      problems.push(wrong(`${path}.${field}`, spec[field], "requires indexed completion mode"));
}

function checkIndexed(spec: JobSpec, path: string, problems: Problem[]): void {
  const { completions, parallelism = 0, maxFailedIndexes: most } = spec;
  const atMost = (field: "parallelism" | "maxFailedIndexes", limit: number, when = "") => {
    const value = spec[field];
    if (value !== undefined && value > limit)
      problems.push(wrong(`${path}.${field}`, value, `must be less than or equal to ${limit}${when}`));
  };
  if (completions === undefined) problems.push(required(`${path}.completions`, "when completion mode is Indexed"));
  if (parallelism > indexedParallelism) atMost("parallelism", indexedParallelism, " when completion mode is Indexed");
  if (completions !== undefined && most !== undefined && most > completions)
    problems.push(wrong(`${path}.maxFailedIndexes`, most, "must be less than or equal to completions"));
  atMost("maxFailedIndexes", indexedFailures);
  if ((completions ?? 0) <= manyCompletions || spec.backoffLimitPerIndex === undefined) return;
  if (most === undefined) {
    const detail = `must be specified when completions is above ${manyCompletions}`;
    problems.push(required(`${path}.maxFailedIndexes`, detail));
  }
  const when = ` when completions are above ${manyCompletions} and used with backoff limit per index`;
  atMost("parallelism", parallelismOfMany, when);
  atMost("maxFailedIndexes", failuresOfMany, when);
}

function checkRestarts({ template, podFailurePolicy }: JobSpec, path: string, problems: Problem[]): void {
  const { restartPolicy } = template.spec;
  if (!restartPolicy || restartPolicy === "Always") problems.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (restartPolicy !== "OnFailure" && restartPolicy !== "Never")
    problems.push(unsupported(path, restartPolicy, ["OnFailure", "Never"]));
  else if (podFailurePolicy && restartPolicy !== "Never")
    problems.push(wrong(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'));
}

function checkReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: string, problems: Problem[]) {
  if (podReplacementPolicy === undefined) return;
  const supported = podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (!supported.includes(podReplacementPolicy)) problems.push(unsupported(path, podReplacementPolicy, supported));
}

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

const valid = (values: readonly string[]) => `valid values: [${values.map((value) => `"${value}"`).join(" ")}]`;

function checkChoice(value: string | undefined, values: readonly string[], path: string, problems: Problem[]): void {
  if (!value) problems.push(required(path, valid(values)));
  else if (!values.includes(value)) problems.push(unsupported(path, value, values));
}

function tooMany(count: number, most: number, path: string, problems: Problem[]): void {
  const detail = `must have at most ${most} items`;
  if (count > most) problems.push({ type: "TooMany", path, value: count, detail });
}

function checkFailurePolicy(spec: JobSpec, path: string, problems: Problem[]): void {
  const { rules = [] } = spec.podFailurePolicy ?? {};
  tooMany(rules.length, 20, path, problems);
  const { containers, initContainers = [] } = spec.template.spec;
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  for (const [index, rule] of rules.entries()) {
    const at = `${path}[${index}]`;
    if (rule.action === "FailIndex") {
      const detail = "requires the backoffLimitPerIndex to be set";
      if (spec.backoffLimitPerIndex === undefined) problems.push(wrong(`${at}.action`, rule.action, detail));
    } else checkChoice(rule.action, actions, `${at}.action`, problems);
    if (rule.onExitCodes) checkExitCodes(rule.onExitCodes, `${at}.onExitCodes`, names, problems);
    checkConditions(rule.onPodConditions ?? [], `${at}.onPodConditions`, problems);
    checkOneOf(rule, at, problems);
  }
}

/** What a rule is about is one of two. These messages show no value. */
function checkOneOf({ onExitCodes, onPodConditions }: PodFailurePolicyRule, path: string, problems: Problem[]): void {
  const hasConditions = (onPodConditions?.length ?? 0) > 0;
  if (Boolean(onExitCodes) !== hasConditions) return;
  const detail = onExitCodes
    ? "specifying both OnExitCodes and OnPodConditions is not supported"
    : "specifying one of OnExitCodes and OnPodConditions is required";
  problems.push({ type: "Invalid", path, detail, hidesValue: true });
}

function checkExitCodes(
  { operator, containerName, values = [] }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  path: string,
  names: ReadonlySet<string>,
  problems: Problem[],
): void {
  checkChoice(operator, operators, `${path}.operator`, problems);
  if (containerName !== undefined && !names.has(containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    problems.push(wrong(`${path}.containerName`, containerName, detail));
  }
  const at = `${path}.values`;
  if (values.length === 0) problems.push(wrong(at, values, "at least one value is required"));
  tooMany(values.length, 255, at, problems);
  for (const [index, value] of values.entries()) {
    if (operator === "In" && value === 0)
      problems.push(wrong(`${at}[${index}]`, value, "must not be 0 for the In operator"));
    if (values.indexOf(value) < index) problems.push(duplicate(`${at}[${index}]`, value));
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value))
    problems.push(wrong(at, values, "must be ordered"));
}

function checkConditions(patterns: readonly { type: string; status?: string }[], path: string, problems: Problem[]) {
  tooMany(patterns.length, 20, path, problems);
  for (const [index, { type, status }] of patterns.entries()) {
    check(labelKey, type ?? "", `${path}[${index}].type`, problems);
    checkChoice(status, statuses, `${path}[${index}].status`, problems);
  }
}

function checkSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, path: string, problems: Problem[]): void {
  const { rules = [] } = successPolicy ?? {};
  if (rules.length === 0)
    problems.push(required(path, "at least one rules must be specified when the successPolicy is specified"));
  tooMany(rules.length, 20, path, problems);
  for (const [index, rule] of rules.entries()) checkSuccessRule(rule, completions, `${path}[${index}]`, problems);
}

const indexesLimit = 64 * 1024;

function checkSuccessRule(rule: SuccessPolicyRule, completions: number, path: string, problems: Problem[]): void {
  const { succeededCount: count, succeededIndexes: indexes } = rule;
  if (count === undefined && indexes === undefined)
    problems.push(required(path, "at least one of succeededCount or succeededIndexes must be specified"));
  let total = 0;
  if (indexes !== undefined) {
    if (indexes.length > indexesLimit) problems.push(tooLong(`${path}.succeededIndexes`, indexesLimit));
    try {
      total = parseIndexes(indexes, completions).length;
    } catch (fault) {
      if (!(fault instanceof FormatError)) throw fault;
      const detail = `error parsing succeededIndexes: ${fault.message}`;
      problems.push(wrong(`${path}.succeededIndexes`, indexes, detail));
    }
  }
  if (count === undefined) return;
  const at = `${path}.succeededCount`;
  checkCount(count, at, problems);
  const atMost = (most: number, what: string) => `must be less than or equal to ${most} (the number of ${what})`;
  if (count > completions) problems.push(wrong(at, count, atMost(completions, "specified completions")));
  if (indexes !== undefined && count > total)
    problems.push(wrong(at, count, atMost(total, "indexes in the specified succeededIndexes field")));
}
