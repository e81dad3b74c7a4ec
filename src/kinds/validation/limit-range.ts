import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, wrong } from "../problem.ts";
import type { LimitRange, LimitRangeItem, Quantities } from "../types/policy.ts";
import { check } from "./labels.ts";
import { checkAnyResourceName, checkResourceName, mayOvercommit } from "./resources.ts";
import { labelKey } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidateLimitRange, 1.35.

const types = ["Pod", "Container", "PersistentVolumeClaim"];

/** What is wrong with a limit range. */
export function limitRangeProblems({ spec }: LimitRange): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, limit] of (spec?.limits ?? []).entries()) {
    const path = `spec.limits[${index}]`;
    checkType(limit.type ?? "", `${path}.type`, problems);
    if (seen.has(limit.type)) problems.push(duplicate(`${path}.type`, limit.type));
    seen.add(limit.type);
    checkNames(limit, path, problems);
    const { storage: least } = limit.min ?? {};
    const { storage: most } = limit.max ?? {};
    if (limit.type === "PersistentVolumeClaim" && least === undefined && most === undefined) {
      const detail = "either minimum or maximum storage value is required, but neither was provided";
      problems.push(required(`${path}.limits`, detail));
    }
    for (const name of namesOf(limit)) checkAmounts(limit, name, path, problems);
  }
  return problems;
}

function checkType(type: string, path: string, problems: Problem[]): void {
  const before = problems.length;
  check(labelKey, type, path, problems);
  if (problems.length === before && !type.includes("/") && !types.includes(type))
    problems.push(wrong(path, type, "must be a standard limit type or fully qualified"));
}

function checkNames(limit: LimitRangeItem, path: string, problems: Problem[]): void {
  const ofPods = limit.type === "Pod" || limit.type === "Container";
  const checkName = ofPods ? checkResourceName : checkAnyResourceName;
  const each = (field: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio") => {
    for (const name of Object.keys(limit[field] ?? {}).sort()) checkName(name, `${path}.${field}[${name}]`, problems);
  };
  each("max");
  each("min");
  if (limit.type === "Pod") {
    const detail = "may not be specified when `type` is 'Pod'";
    if (hasSome(limit.default)) problems.push(forbidden(`${path}.default`, detail));
    if (hasSome(limit.defaultRequest)) problems.push(forbidden(`${path}.defaultRequest`, detail));
  } else {
    each("default");
    each("defaultRequest");
  }
  each("maxLimitRequestRatio");
}

function hasSome(list: Quantities | undefined): boolean {
  return Object.keys(list ?? {}).length > 0;
}

function namesOf({ type, min, max, default: limits, defaultRequest, maxLimitRequestRatio }: LimitRangeItem): string[] {
  const lists = [max, min, ...(type === "Pod" ? [] : [limits, defaultRequest]), maxLimitRequestRatio];
  return [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort();
}

function isMore(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && compareQuantity(parseQuantity(a), parseQuantity(b)) > 0;
}

function checkAmounts(limit: LimitRangeItem, name: string, path: string, problems: Problem[]): void {
  const [min, max, ratio] = [limit.min?.[name], limit.max?.[name], limit.maxLimitRequestRatio?.[name]];
  const ofPod = limit.type === "Pod";
  const [most, request] = ofPod ? [] : [limit.default?.[name], limit.defaultRequest?.[name]];
  const say = (field: string, value: string | undefined, detail: string) =>
    problems.push(wrong(`${path}.${field}[${name}]`, value, detail));
  if (isMore(min, max)) say("min", min, `min value ${min} is greater than max value ${max}`);
  if (isMore(min, request))
    say("defaultRequest", request, `min value ${min} is greater than default request value ${request}`);
  if (isMore(request, max))
    say("defaultRequest", request, `default request value ${request} is greater than max value ${max}`);
  if (isMore(request, most))
    say("defaultRequest", request, `default request value ${request} is greater than default limit value ${most}`);
  if (isMore(min, most)) say("default", min, `min value ${min} is greater than default value ${most}`);
  if (isMore(most, max)) say("default", max, `default value ${most} is greater than max value ${max}`);
  if (ratio !== undefined) checkRatio(ratio, min, max, (detail) => say("maxLimitRequestRatio", ratio, detail));
  if (!mayOvercommit(name) && (isMore(most, request) || isMore(request, most)))
    say("defaultRequest", request, `default value ${most} must equal to defaultRequest value ${request} in ${name}`);
}

function checkRatio(ratio: string, min: string | undefined, max: string | undefined, say: (detail: string) => void) {
  if (isMore("1", ratio)) say(`ratio ${ratio} is less than 1`);
  if (min === undefined || max === undefined) return;
  const highest = parseQuantity(max).milli / parseQuantity(min).milli;
  if (parseQuantity(ratio).milli / 1000 > highest)
    say(`ratio ${ratio} is greater than max/min = ${Number.isFinite(highest) ? highest.toFixed(6) : "+Inf"}`);
}
