import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { forbidden, required, wrong } from "../problem.ts";
import type { ResourceRequirements } from "../types/pod.ts";
import { check } from "./labels.ts";
import { labelKey, notNegative } from "./words.ts";

// kubernetes pkg/apis/core/validation validateResourceRequirements and pkg/apis/core/helper, 1.35.

const standard = new Set([
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
  "storage",
  "requests.storage",
]);

/** What a container (or a pod as a whole, where other names are allowed) asks for and may use. */
export function checkResources(
  resources: ResourceRequirements | undefined,
  path: string,
  problems: Problem[],
  checkName: (name: string, path: string, problems: Problem[]) => void = checkResourceName,
): void {
  const { limits, requests } = resources ?? {};
  if (!limits && !requests) return;
  for (const name in limits) {
    checkName(name, `${path}.limits[${name}]`, problems);
    checkAmount(name, limits[name] ?? "0", `${path}.limits[${name}]`, problems);
  }
  for (const name in requests) {
    const text = requests[name] ?? "0";
    checkName(name, `${path}.requests[${name}]`, problems);
    checkAmount(name, text, `${path}.requests[${name}]`, problems);
    checkBelow(name, text, limits?.[name], path, problems);
  }
  const names = [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})];
  if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory"))
    problems.push(forbidden(path, "HugePages require cpu or memory"));
}

function checkBelow(name: string, text: string, limit: string | undefined, path: string, problems: Problem[]): void {
  const overcommits = mayOvercommit(name);
  if (limit === undefined) {
    if (!overcommits) problems.push(required(`${path}.limits`, "Limit must be set for non overcommitable resources"));
    return;
  }
  const order = compareQuantity(parseQuantity(text), parseQuantity(limit));
  if (order !== 0 && !overcommits)
    problems.push(wrong(`${path}.requests`, text, `must be equal to ${name} limit of ${limit}`));
  else if (order > 0)
    problems.push(wrong(`${path}.requests`, text, `must be less than or equal to ${name} limit of ${limit}`));
}

/** An amount of a resource: not below zero, and whole where the resource comes in pieces. */
export function checkAmount(name: string, text: string, path: string, problems: Problem[]): void {
  const quantity = parseQuantity(text);
  if (quantity.nanos < 0n) problems.push(wrong(path, text, notNegative));
  if (isCounted(name) && quantity.milli % 1000 !== 0) problems.push(wrong(path, text, "must be an integer"));
}

/** The name of a resource that a container may ask for. */
export function checkResourceName(name: string, path: string, problems: Problem[]): void {
  if (name === "cpu" || name === "memory" || name === "ephemeral-storage") return;
  const before = problems.length;
  check(labelKey, name, path, problems);
  if (problems.length > before) return;
  if (name.includes("/")) {
    if (!isNative(name) && !isExtended(name))
      problems.push(wrong(path, name, "doesn't follow extended resource name standard"));
    return;
  }
  if (isHugePages(name)) return;
  if (!standard.has(name)) problems.push(wrong(path, name, "must be a standard resource type or fully qualified"));
  problems.push(wrong(path, name, "must be a standard resource for containers"));
}

/** The name of any resource that Kubernetes counts (core validation validateResourceName, 1.35). */
export function checkAnyResourceName(name: string, path: string, problems: Problem[]): void {
  const before = problems.length;
  check(labelKey, name, path, problems);
  if (problems.length > before || name.includes("/") || isStandard(name)) return;
  problems.push(wrong(path, name, "must be a standard resource type or fully qualified"));
}

/** Whether a name without a prefix is one that a quota can count. */
export function isQuotaName(name: string): boolean {
  return name !== "storage" && isStandard(name);
}

function isStandard(name: string): boolean {
  return standard.has(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
}

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether a name is one of a resource that somebody added: nvidia.com/gpu. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") && labelKey(`requests.${name}`).length === 0;
}

/** Whether more of a resource may be promised than there is. */
export function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

function isCounted(name: string): boolean {
  return isExtended(name) || countedNames.has(name);
}

const countedNames = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
