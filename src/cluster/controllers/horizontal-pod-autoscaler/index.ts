import { rfc3339 } from "../../../base/time.ts";
import { type Kind, resourceName } from "../../../kinds/define.ts";
import { equal } from "../../../kinds/equal.ts";
import { Status } from "../../../kinds/status.ts";
import type { HorizontalPodAutoscaler } from "../../../kinds/types/autoscaling.ts";
import type { Condition, KubeObject } from "../../../kinds/types/meta.ts";
import type { Api } from "../../apiserver/define.ts";
import type { Controller, ControllerTools } from "../define.ts";
import { metricFaults } from "./metrics.ts";

/** How often an autoscaler looks, in seconds (--horizontal-pod-autoscaler-sync-period). */
const PERIOD = 15;

/** Sets the number of replicas by what pods use (kubernetes pkg/controller/podautoscaler/horizontal.go, 1.35). */
export const horizontalPodAutoscaler: Controller<HorizontalPodAutoscaler> = {
  name: "horizontal-pod-autoscaler-controller",
  account: "horizontal-pod-autoscaler",
  source: "horizontal-pod-autoscaler",
  for: "horizontalpodautoscalers.autoscaling",
  concerns: (object, old) => !old || object.spec !== old.spec,
  reconcile(api, object, _key, tools) {
    if (!object) return undefined;
    look(api, object, tools);
    return { againIn: PERIOD };
  },
};

interface Target {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly replicas: number;
}

type State = NonNullable<HorizontalPodAutoscaler["status"]>;

/** The status as it is being worked out. */
class Report {
  readonly status: State;
  private readonly now: string;

  constructor({ status }: HorizontalPodAutoscaler, now: string) {
    this.status = { ...status, conditions: [...(status?.conditions ?? [])] };
    this.now = now;
  }

  say(type: string, state: Condition["status"], reason: string, message: string): void {
    const conditions = this.status.conditions ?? [];
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    const since = old?.status === state ? (old.lastTransitionTime ?? this.now) : this.now;
    const next: Condition = { type, status: state, lastTransitionTime: since, reason, message };
    if (at < 0) conditions.push(next);
    else conditions[at] = next;
  }
}

function look(api: Api, autoscaler: HorizontalPodAutoscaler, { clock }: ControllerTools): void {
  const now = rfc3339(clock.now);
  const report = new Report(autoscaler, now);
  const write = () => {
    const { status } = report;
    if (!equal(status, autoscaler.status))
      api.modify<HorizontalPodAutoscaler>(autoscaler, (current) => ({ ...current, status }), "status");
  };
  const target = targetOf(api, autoscaler);
  if (typeof target === "string") {
    api.event(autoscaler, { type: "Warning", reason: "FailedGetScale", message: target });
    const message = `the HPA controller was unable to get the target's current scale: ${target}`;
    report.say("AbleToScale", "False", "FailedGetScale", message);
    write();
    return;
  }
  const could = "the HPA controller was able to get the target's current scale";
  report.say("AbleToScale", "True", "SucceededGetScale", could);
  const { replicas } = target;
  const { minReplicas = 1, maxReplicas } = autoscaler.spec;
  if (replicas === 0 && minReplicas !== 0) {
    const message = "scaling is disabled since the replica count of the target is zero";
    report.say("ScalingActive", "False", "ScalingDisabled", message);
    Object.assign(report.status, { currentReplicas: 0, desiredReplicas: 0, currentMetrics: null });
  } else if (replicas > maxReplicas)
    rescale(api, autoscaler, target, maxReplicas, "Current number of replicas above Spec.MaxReplicas", report, now);
  else if (replicas < minReplicas)
    rescale(api, autoscaler, target, minReplicas, "Current number of replicas below Spec.MinReplicas", report, now);
  else if (!measure(api, autoscaler, report)) {
    report.status.currentReplicas = replicas;
    report.status.currentMetrics = null;
    write();
    const faults = metricFaults(autoscaler);
    const message = `invalid metrics (${faults.length} invalid out of ${faults.length}), first error is: ${faults[0]?.summary ?? ""}`;
    api.event(autoscaler, { type: "Warning", reason: "FailedComputeMetricsReplicas", message });
    return;
  }
  write();
}

/** Tells of every metric why it is not known; false where none is. */
function measure(api: Api, autoscaler: HorizontalPodAutoscaler, report: Report): boolean {
  const faults = metricFaults(autoscaler);
  for (const { reason, message } of faults) api.event(autoscaler, { type: "Warning", reason, message });
  const [first] = faults;
  if (!first) return true;
  const message = `the HPA was unable to compute the replica count: ${first.message}`;
  report.say("ScalingActive", "False", first.reason, message);
  return false;
}

/** What is to be scaled, or why it cannot be found. */
function targetOf(api: Api, { metadata, spec }: HorizontalPodAutoscaler): Target | string {
  const { apiVersion = "", kind: name } = spec.scaleTargetRef;
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const kind = api.kinds().find((one) => one.kind === name && one.group === group);
  if (!kind) return `no matches for kind "${name}" in group "${group}"`;
  if (!kind.replicasAt) return "the server could not find the requested resource";
  const object = api.get<KubeObject>(resourceName(kind), metadata.namespace, spec.scaleTargetRef.name);
  if (!object) return `${resourceName(kind)} "${spec.scaleTargetRef.name}" not found`;
  const value = kind.replicasAt
    .split(".")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], object);
  return { kind, object, replicas: typeof value === "number" ? value : 0 };
}

function rescale(
  api: Api,
  autoscaler: HorizontalPodAutoscaler,
  { kind, object, replicas }: Target,
  wanted: number,
  why: string,
  report: Report,
  now: string,
): void {
  const path = (kind.replicasAt ?? "").split(".");
  try {
    api.modify<KubeObject>(object, (current) => withValue(current, path, wanted) as KubeObject, "scale");
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    const message = `New size: ${wanted}; reason: ${why}; error: ${error.message}`;
    api.event(autoscaler, { type: "Warning", reason: "FailedRescale", message });
    const failed = `the HPA controller was unable to update the target scale: ${error.message}`;
    report.say("AbleToScale", "False", "FailedUpdateScale", failed);
    Object.assign(report.status, { currentReplicas: replicas });
    return;
  }
  const done = `the HPA controller was able to update the target scale to ${wanted}`;
  report.say("AbleToScale", "True", "SucceededRescale", done);
  api.event(autoscaler, {
    type: "Normal",
    reason: "SuccessfulRescale",
    message: `New size: ${wanted}; reason: ${why}`,
  });
  Object.assign(report.status, { currentReplicas: replicas, desiredReplicas: wanted, lastScaleTime: now });
}

function withValue(object: object, [key = "", ...rest]: readonly string[], value: number): object {
  const inner = (object as Record<string, unknown>)[key];
  return { ...object, [key]: rest.length === 0 ? value : withValue((inner ?? {}) as object, rest, value) };
}
