import { goQuote } from "../../../base/go-text.ts";
import type { JsonObject } from "../../../base/json.ts";
import { labelKeyProblems } from "../../../base/label-syntax.ts";
import { invalid } from "./field-problem.ts";

interface Point {
  readonly utilization?: number;
  readonly score?: number;
}

interface Resource {
  readonly name?: string;
  readonly weight?: number;
}

interface Constraint {
  readonly maxSkew?: number;
  readonly topologyKey?: string;
  readonly whenUnsatisfiable?: string;
  readonly labelSelector?: object;
}

const quoted = (values: readonly string[]) => values.map(goQuote).join(", ");

/** What is wrong with the arguments of a plugin (scheduler/apis/config/validation validation_pluginargs.go, 1.35). */
export function argsProblems(name: string, args: JsonObject, path: string): string[] {
  return checks[name]?.(args, path) ?? [];
}

const checks: Readonly<Record<string, (args: JsonObject, path: string) => string[]>> = {
  DefaultPreemption: preemption,
  InterPodAffinity({ hardPodAffinityWeight }, path) {
    const weight = Number(hardPodAffinityWeight ?? 1);
    if (weight >= 0 && weight <= 100) return [];
    return [invalid(`${path}.hardPodAffinityWeight`, weight, "not in valid range [0, 100]")];
  },
  NodeResourcesBalancedAllocation: balanced,
  NodeResourcesFit: fit,
  PodTopologySpread: spread,
  VolumeBinding({ bindTimeoutSeconds, shape }, path) {
    const problems: string[] = [];
    const timeout = Number(bindTimeoutSeconds ?? 600);
    const why = "invalid BindTimeoutSeconds, should not be a negative value";
    if (timeout < 0) problems.push(invalid(`${path}.bindTimeoutSeconds`, timeout, why));
    if (shape) {
      const off = "unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring";
      problems.push(invalid(`${path}.shape`, JSON.stringify(shape), off));
    }
    return problems;
  },
};

function preemption({ minCandidateNodesPercentage, minCandidateNodesAbsolute }: JsonObject, path: string): string[] {
  const problems: string[] = [];
  const percentage = Number(minCandidateNodesPercentage ?? 10);
  const absolute = Number(minCandidateNodesAbsolute ?? 100);
  const [ofPercentage, ofAbsolute] = [`${path}.minCandidateNodesPercentage`, `${path}.minCandidateNodesAbsolute`];
  if (percentage < 0 || percentage > 100)
    problems.push(invalid(ofPercentage, percentage, "not in valid range [0, 100]"));
  if (absolute < 0) problems.push(invalid(ofAbsolute, absolute, "not in valid range [0, inf)"));
  if (percentage === 0 && absolute === 0)
    problems.push(
      invalid(ofPercentage, 0, "cannot be zero at the same time as minCandidateNodesAbsolute"),
      invalid(ofAbsolute, 0, "cannot be zero at the same time as minCandidateNodesPercentage"),
    );
  return problems;
}

function balanced({ resources }: JsonObject, path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [i, { name = "", weight }] of ((resources ?? []) as readonly Resource[]).entries()) {
    const place = `${path}.resources[${i}]`;
    if (seen.has(name)) problems.push(`${place}.name: Duplicate value: ${goQuote(name)}`);
    seen.add(name);
    // Zero, and none, are made one before this is asked.
    if (weight && weight !== 1) problems.push(invalid(`${place}.weight`, weight, "must be 1"));
  }
  return problems;
}

function fit({ ignoredResources, ignoredResourceGroups, scoringStrategy }: JsonObject, path: string): string[] {
  const problems: string[] = [];
  const named = (place: string, name: string) => {
    for (const why of labelKeyProblems(name)) problems.push(invalid(place, goQuote(name), why));
  };
  for (const [i, name] of ((ignoredResources ?? []) as readonly string[]).entries())
    named(`${path}.ignoredResources[${i}]`, name);
  for (const [i, name] of ((ignoredResourceGroups ?? []) as readonly string[]).entries()) {
    const place = `${path}.ignoredResourceGroups[${i}]`;
    if (name.includes("/")) problems.push(invalid(place, goQuote(name), "resource group name can't contain '/'"));
    named(place, name);
  }
  if (scoringStrategy) problems.push(...strategy(scoringStrategy as JsonObject, `${path}.scoringStrategy`));
  return problems;
}

const strategies = ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"];

function strategy({ type, resources, requestedToCapacityRatio: ratio }: JsonObject, path: string): string[] {
  const problems: string[] = [];
  const named = (type ?? "") as string;
  if (!strategies.includes(named))
    problems.push(`${path}.type: Unsupported value: ${goQuote(named)}: supported values: ${quoted(strategies)}`);
  for (const [i, { name = "", weight }] of ((resources ?? []) as readonly Resource[]).entries())
    if (weight && (weight < 0 || weight > 100)) {
      const why = `resource weight of ${name} not in valid range (0, 100]`;
      problems.push(invalid(`${path}.resources[${i}].weight`, weight, why));
    }
  const place = `${path}.requestedToCapacityRatio`;
  if (named === "RequestedToCapacityRatio") {
    if (!ratio) problems.push(`${place}: Required value: must be specified when type is RequestedToCapacityRatio`);
    else problems.push(...shape((ratio as { shape?: readonly Point[] }).shape ?? [], `${place}.shape`));
  } else if (ratio) problems.push(`${place}: Forbidden: must be nil when type is not RequestedToCapacityRatio`);
  return problems;
}

function shape(points: readonly Point[], path: string): string[] {
  if (points.length === 0) return [`${path}: Required value: at least one point must be specified`];
  const problems: string[] = [];
  const used = points.map(({ utilization = 0 }) => utilization);
  const unsorted = used.findIndex((utilization, i) => i > 0 && (used[i - 1] ?? 0) >= utilization);
  if (unsorted > 0) {
    const why = "values must be sorted in increasing order";
    problems.push(invalid(`${path}[${unsorted}].utilization`, used[unsorted] ?? 0, why));
  }
  for (const [i, { utilization = 0, score = 0 }] of points.entries()) {
    if (utilization < 0 || utilization > 100)
      problems.push(invalid(`${path}[${i}].utilization`, utilization, "not in valid range [0, 100]"));
    if (score < 0 || score > 10) problems.push(invalid(`${path}[${i}].score`, score, "not in valid range [0, 10]"));
  }
  return problems;
}

function spread({ defaultConstraints, defaultingType }: JsonObject, path: string): string[] {
  const problems: string[] = [];
  const constraints = (defaultConstraints ?? []) as readonly Constraint[];
  const type = (defaultingType || "System") as string;
  const place = `${path}.defaultingType`;
  if (type !== "System" && type !== "List")
    problems.push(`${place}: Unsupported value: ${goQuote(type)}: supported values: "System", "List"`);
  else if (type === "System" && constraints.length > 0)
    problems.push(invalid(place, goQuote(type), "when .defaultConstraints are not empty"));
  for (const [i, constraint] of constraints.entries())
    checkConstraint(constraint, constraints.slice(0, i), `${path}.defaultConstraints[${i}]`, problems);
  return problems;
}

function checkConstraint(
  constraint: Constraint,
  before: readonly Constraint[],
  path: string,
  problems: string[],
): void {
  const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", labelSelector } = constraint;
  if (maxSkew <= 0) problems.push(invalid(`${path}.maxSkew`, maxSkew, "not in valid range (0, inf)"));
  if (topologyKey === "") problems.push(`${path}.topologyKey: Required value: can not be empty`);
  else
    for (const why of labelKeyProblems(topologyKey))
      problems.push(invalid(`${path}.topologyKey`, goQuote(topologyKey), why));
  const actions = ["DoNotSchedule", "ScheduleAnyway"];
  if (whenUnsatisfiable === "") problems.push(`${path}.whenUnsatisfiable: Required value: can not be empty`);
  else if (!actions.includes(whenUnsatisfiable)) {
    const supported = `supported values: ${quoted(actions)}`;
    problems.push(`${path}.whenUnsatisfiable: Unsupported value: ${goQuote(whenUnsatisfiable)}: ${supported}`);
  }
  if (labelSelector) {
    const why = "constraint must not define a selector, as they deduced for each pod";
    problems.push(`${path}.labelSelector: Forbidden: ${why}`);
  }
  if (before.some((b) => b.topologyKey === topologyKey && b.whenUnsatisfiable === whenUnsatisfiable))
    problems.push(`${path}: Duplicate value: "{${topologyKey}, ${whenUnsatisfiable}}"`);
}
