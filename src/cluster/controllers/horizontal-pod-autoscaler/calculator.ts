import type { Micros } from "../../../base/clock.ts";
import { milliValue } from "../../../base/quantity.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { isPodReady } from "../../../kinds/labels.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Settings } from "./settings.ts";
import type { PodMetrics } from "./sources.ts";
import { Unmeasured } from "./unmeasured.ts";

// kubernetes pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go, 1.35.

/** How far from its target a metric may be, as shares of it. */
export interface Tolerances {
  readonly down: number;
  readonly up: number;
}

/** What a number of replicas is worked out from. */
export interface Situation {
  /** Those that the target's selector finds. */
  readonly pods: readonly Pod[];
  readonly replicas: number;
  readonly tolerances: Tolerances;
  readonly settings: Pick<Settings, "cpuInitialization" | "readinessDelay">;
  readonly now: Micros;
}

/** How many replicas a metric asks for, and what it is on average now (thousandths; per cent of what was asked for). */
export interface Proposal {
  readonly replicas: number;
  readonly value: number;
  readonly utilization?: number;
}

const largest = 2 ** 31 - 1;
const noPods = "no pods returned by selector while calculating replica count";
const notMeasured = "did not receive metrics for targeted pods (pods might be unready)";

function isWithin({ down, up }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

/** By what the pods use of a resource, as a share of what they ask for. Throws Unmeasured. */
export function byUtilization(
  situation: Situation,
  measured: PodMetrics,
  target: number,
  resource: string,
  container?: string,
): Proposal {
  const groups = grouped(situation, measured, resource);
  const requests = new Map<string, number>();
  for (const pod of situation.pods) requests.set(pod.metadata.name, requestOf(pod, resource, container));
  const first = utilization(groups.metrics, requests, target);
  const share = Math.max(100, target);
  const replicas = settled(situation, groups, first.ratio, {
    ratio: (metrics) => utilization(metrics, requests, target).ratio,
    missing: (name) => Math.trunc(((requests.get(name) ?? 0) * share) / 100),
  });
  return { replicas, value: first.value, utilization: first.current };
}

/** By what each pod has of something on average. Throws Unmeasured. */
export function byAverage(situation: Situation, measured: PodMetrics, target: number, resource = ""): Proposal {
  const groups = grouped(situation, measured, resource);
  const average = (metrics: PodMetrics) => Math.trunc(sumOf(metrics) / metrics.size);
  const value = average(groups.metrics);
  const replicas = settled(situation, groups, value / target, {
    ratio: (metrics) => average(metrics) / target,
    missing: () => target,
  });
  return { replicas, value };
}

/** By one value for all. Pods that are not ready take no part in it. Throws Unmeasured. */
export function byValue({ pods, replicas, tolerances }: Situation, usage: number, target: number): Proposal {
  const ratio = usage / target;
  if (replicas === 0) return { replicas: Math.ceil(ratio), value: usage };
  if (isWithin(tolerances, ratio)) return { replicas, value: usage };
  if (pods.length === 0) throw new Unmeasured(`unable to calculate ready pods: ${noPods}`);
  const ready = pods.filter((pod) => pod.status?.phase === "Running" && isPodReady(pod)).length;
  return { replicas: Math.min(Math.ceil(ratio * ready), largest), value: usage };
}

/** By one value for all of which each pod takes a part. `replicas` are those that the status counts. */
export function byShare(tolerances: Tolerances, replicas: number, usage: number, target: number): Proposal {
  const fits = isWithin(tolerances, usage / (target * replicas));
  const wanted = fits ? replicas : Math.min(Math.ceil(usage / target), largest);
  return { replicas: wanted, value: Math.ceil(usage / Math.max(replicas, 1)) };
}

interface Groups {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  /** Of the pods that are ready, and of those that nobody knows any more. */
  readonly metrics: PodMetrics;
}

/** Which pods say something, which say nothing yet, and of which nothing is known. Throws Unmeasured. */
export function grouped(situation: Situation, measured: PodMetrics, resource: string): Groups {
  const { pods } = situation;
  if (pods.length === 0) throw new Unmeasured(noPods);
  const [unready, missing]: string[][] = [[], []];
  const metrics: PodMetrics = new Map(measured);
  let ready = 0;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const phase = pod.status?.phase;
    const metric = measured.get(name);
    if (deletionTimestamp || phase === "Failed") metrics.delete(name);
    else if (phase === "Pending") unready?.push(name);
    else if (!metric) missing?.push(name);
    else if (resource === "cpu" && saysLittle(situation, pod, metric)) unready?.push(name);
    else ready++;
  }
  for (const name of unready ?? []) metrics.delete(name);
  if (metrics.size === 0) throw new Unmeasured(notMeasured);
  return { ready, unready: unready ?? [], missing: missing ?? [], metrics };
}

/** A pod's CPU while it starts: measured before it was ready, or not ready since it began. */
function saysLittle(
  { settings, now }: Situation,
  { status }: Pod,
  { at, window }: { readonly at: Micros; readonly window: Micros },
): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  const started = parseRfc3339(status?.startTime ?? "");
  if (!condition || started === undefined) return true;
  const since = parseRfc3339(condition.lastTransitionTime ?? "") ?? 0;
  const isUnready = condition.status === "False";
  if (started + settings.cpuInitialization > now) return isUnready || at < since + window;
  return isUnready && started + settings.readinessDelay > since;
}

interface Assumption {
  ratio(metrics: PodMetrics): number;
  /** What a pod of which nothing is known is taken to use when the others use too little. */
  missing(name: string): number;
}

/** The replicas for a ratio; pods that say nothing may only make the change smaller. */
function settled(
  { replicas, tolerances }: Situation,
  { ready, unready, missing, metrics }: Groups,
  ratio: number,
  assume: Assumption,
): number {
  const withUnready = unready.length > 0 && ratio > 1;
  if (!withUnready && missing.length === 0)
    return isWithin(tolerances, ratio) ? replicas : Math.min(Math.ceil(ratio * ready), largest);
  const all: PodMetrics = new Map(metrics);
  const take = (name: string, value: number) => all.set(name, { value, at: 0, window: 0 });
  if (ratio < 1) for (const name of missing) take(name, assume.missing(name));
  if (ratio > 1) for (const name of missing) take(name, 0);
  if (withUnready) for (const name of unready) take(name, 0);
  const next = assume.ratio(all);
  if (isWithin(tolerances, next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return replicas;
  const wanted = Math.min(Math.ceil(next * all.size), largest);
  const turns = (next < 1 && wanted > replicas) || (next > 1 && wanted < replicas);
  return turns ? replicas : wanted;
}

function utilization(
  metrics: PodMetrics,
  requests: ReadonlyMap<string, number>,
  target: number,
): { readonly ratio: number; readonly current: number; readonly value: number } {
  let [used, wanted, count] = [0, 0, 0];
  for (const [name, { value }] of metrics) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += value;
    wanted += request;
    count++;
  }
  if (wanted === 0) throw new Unmeasured("no metrics returned matched known pods");
  const current = Math.trunc((used * 100) / wanted);
  return { ratio: current / target, current, value: Math.trunc(used / count) };
}

function sumOf(metrics: PodMetrics): number {
  let sum = 0;
  for (const { value } of metrics.values()) sum += value;
  return sum;
}

/** What a pod asks for: for itself, or in its containers, sidecars among them. Throws Unmeasured where one asks for nothing. */
export function requestOf({ metadata, spec }: Pod, resource: string, container: string | undefined): number {
  const { name } = metadata;
  const own = spec.resources?.requests;
  if (container === undefined && own && Object.keys(own).length > 0) {
    const amount = own[resource] ?? "";
    if (amount === "") throw new Unmeasured(`missing pod-level request for ${resource} in Pod ${name}`);
    return milliValue(amount);
  }
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  let sum = 0;
  for (const one of [...spec.containers, ...sidecars]) {
    if (container !== undefined && container !== one.name) continue;
    const amount = one.resources?.requests?.[resource];
    if (amount === undefined)
      throw new Unmeasured(`missing request for ${resource} in container ${one.name} of Pod ${name}`);
    sum += milliValue(amount);
    if (container === one.name) return sum;
  }
  if (container !== undefined) throw new Unmeasured(`container ${container} not found in Pod ${name}`);
  return sum;
}
