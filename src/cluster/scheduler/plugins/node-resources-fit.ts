import type { JsonObject } from "../../../base/json.ts";
import { podRequests } from "../../../kinds/pod-resources.ts";
import type { NodeInfo, Refusal, SchedulerPlugin, ScheduleState } from "../define.ts";
import { newNode, podLeft } from "../events.ts";
import { LEAST_WEIGHT } from "../node-entry.ts";

/** NodeResourcesFitArgs with its defaults. */
interface Settings {
  readonly type: string;
  readonly resources: readonly { readonly name: string; readonly weight: number }[];
  readonly shape: readonly { readonly utilization: number; readonly score: number }[];
  readonly ignored: ReadonlySet<string>;
  readonly ignoredGroups: ReadonlySet<string>;
}

interface Args {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: {
    readonly type?: string;
    readonly resources?: readonly { readonly name: string; readonly weight?: number }[];
    readonly requestedToCapacityRatio?: { readonly shape?: readonly { utilization?: number; score?: number }[] };
  };
}

function settingsOf(args: JsonObject): Settings {
  const { ignoredResources, ignoredResourceGroups, scoringStrategy: strategy = {} } = args as Args;
  const resources = strategy.resources?.length ? strategy.resources : [{ name: "cpu" }, { name: "memory" }];
  const points = strategy.requestedToCapacityRatio?.shape ?? [];
  return {
    type: strategy.type ?? "LeastAllocated",
    resources: resources.map(({ name, weight }) => ({ name, weight: weight || 1 })),
    // Scores go from 0 to 10 there, and from 0 to 100 here.
    shape: points.map(({ utilization = 0, score = 0 }) => ({ utilization, score: score * 10 })),
    ignored: new Set(ignoredResources),
    ignoredGroups: new Set(ignoredResourceGroups),
  };
}

/** Whether a pod that asks for nothing but cpu and memory fits. */
function fits({ room }: NodeInfo, cpu: number, memory: number): boolean {
  if (room.podCount + 1 > room.pods) return false;
  if (cpu !== 0 && cpu > room.cpu - room.cpuRequested) return false;
  return memory === 0 || memory <= room.memory - room.memoryRequested;
}

const NAME = "NodeResourcesFit";

function isIgnored(name: string, { ignored, ignoredGroups }: Settings): boolean {
  if (ignored.size === 0 && ignoredGroups.size === 0) return false;
  const extended = name.includes("/") && !name.startsWith("kubernetes.io/");
  return extended && (ignored.has(name) || ignoredGroups.has(name.split("/")[0] ?? ""));
}

/** How much a node scores by what is used of a resource. */
type Scorer = (used: number, all: number) => number;

const scorers: Readonly<Record<string, (settings: Settings) => Scorer>> = {
  LeastAllocated: () => (used, all) => (used > all ? 0 : Math.floor(((all - used) * 100) / all)),
  MostAllocated: () => (used, all) => Math.floor((Math.min(used, all) * 100) / all),
  RequestedToCapacityRatio:
    ({ shape }) =>
    (used, all) =>
      onLine(shape, used > all ? 100 : Math.floor((used * 100) / all)),
};

/** The score at a point of the broken line through the shape's points, in whole numbers. */
function onLine(shape: Settings["shape"], at: number): number {
  for (const [i, point] of shape.entries()) {
    if (at > point.utilization) continue;
    const before = shape[i - 1];
    if (!before) return point.score;
    const rise = (point.score - before.score) * (at - before.utilization);
    return before.score + Math.trunc(rise / (point.utilization - before.utilization));
  }
  return shape.at(-1)?.score ?? 0;
}

/** What of a resource would be used on the node with the pod there; none where the pod does not ask for it and needs not. */
function usedOf(name: string, node: NodeInfo, { requests }: ScheduleState): number | undefined {
  if (name === "cpu" || name === "memory") return node.weighed[name] + (requests[name] || LEAST_WEIGHT[name]);
  const asked = requests[name] ?? 0;
  if (asked === 0 && name.includes("/")) return undefined;
  return (node.requested[name] ?? 0) + asked;
}

function scoreWith(settings: Settings): (node: NodeInfo, state: ScheduleState) => number {
  const scorer = (scorers[settings.type] ?? scorers.LeastAllocated)?.(settings) ?? (() => 0);
  const byRatio = settings.type === "RequestedToCapacityRatio";
  return (node, state) => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight } of settings.resources) {
      const all = node.allocatable[name] ?? 0;
      const used = all === 0 ? undefined : usedOf(name, node, state);
      if (used === undefined) continue;
      const score = scorer(used, all);
      if (byRatio && score <= 0) continue;
      sum += score * weight;
      weights += weight;
    }
    if (weights === 0) return 0;
    return byRatio ? Math.round(sum / weights) : Math.floor(sum / weights);
  };
}

/** The usual score, of cpu and memory alike: what a million nodes are asked. */
function leastAllocated({ room, weighed }: NodeInfo, state: ScheduleState): number {
  const cpu = free(room.cpu, weighed.cpu + (state.cpu || LEAST_WEIGHT.cpu));
  const memory = free(room.memory, weighed.memory + (state.memory || LEAST_WEIGHT.memory));
  const counted = (room.cpu === 0 ? 0 : 1) + (room.memory === 0 ? 0 : 1);
  return counted === 0 ? 0 : Math.floor((cpu + memory) / counted);
}

function free(all: number, used: number): number {
  return used >= all ? 0 : Math.floor(((all - used) * 100) / all);
}

function lacking({ allocatable, requested }: NodeInfo, requests: ScheduleState["requests"], settings: Settings) {
  let reasons: string[] | undefined;
  let never = false;
  if ((requested.pods ?? 0) + 1 > (allocatable.pods ?? 0)) reasons = ["Too many pods"];
  for (const name in requests) {
    const asked = requests[name] ?? 0;
    const all = allocatable[name] ?? 0;
    if (asked === 0 || asked <= all - (requested[name] ?? 0) || isIgnored(name, settings)) continue;
    reasons = [...(reasons ?? []), `Insufficient ${name}`];
    // Nobody's leaving would make room for more than the node has.
    if (asked > all) never = true;
  }
  return reasons && ({ reasons, unresolvable: never } satisfies Refusal);
}

/** Requests must fit into what is left of the node; how it scores is the strategy's (NodeResourcesFitArgs). */
function fitWith(settings: Settings): SchedulerPlugin {
  const names = settings.resources.map(({ name, weight }) => `${name}=${weight}`).join();
  const usual = settings.type === "LeastAllocated" && names === "cpu=1,memory=1";
  const score = usual ? leastAllocated : scoreWith(settings);
  return {
    name: NAME,
    weight: 1,
    alsoAt: ["preScore"],
    withArgs: (args) => fitWith(settingsOf(args)),
    // Nothing is kept, because the state has it already.
    preFilter: () => undefined,
    filter(_pod, node, state) {
      if (state.asksNoMore && fits(node, state.cpu, state.memory)) return undefined;
      return lacking(node, state.requests, settings);
    },
    score: (_pod, node, state) => score(node, state),
    helpedBy(event, pod) {
      if (podLeft(event)) return true;
      const node = newNode(event, ({ status }) => status?.allocatable);
      if (!node) return false;
      const allocatable = node.status?.allocatable ?? {};
      // What the whole node has not, it has not without its pods either.
      return Object.keys(podRequests(pod)).every((name) => name in allocatable || isIgnored(name, settings));
    },
  };
}

export const nodeResourcesFit = fitWith(settingsOf({}));
