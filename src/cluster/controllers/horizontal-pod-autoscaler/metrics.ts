import { milliQuantity, milliValue, parseQuantity } from "../../../base/quantity.ts";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
} from "../../../kinds/types/autoscaling.ts";
import type { LabelSelector } from "../../../kinds/types/meta.ts";
import type { Api } from "../../apiserver/define.ts";
import { goSelector } from "../go-selector.ts";
import {
  byAverage,
  byShare,
  byUtilization,
  byValue,
  type Proposal,
  type Situation,
  type Tolerances,
} from "./calculator.ts";
import { externalMetric, objectMetric, podMetrics, resourceMetrics } from "./sources.ts";
import { Unmeasured } from "./unmeasured.ts";

// kubernetes pkg/controller/podautoscaler/horizontal.go, 1.35.

/** What is being scaled, as a metric needs to know it. */
export interface Measuring extends Situation {
  readonly api: Api;
  readonly namespace: string;
  /** The selector of the pods, as text. */
  readonly selector: string;
  /** The replicas that the target's status counts. */
  readonly counted: number;
}

/** What a metric says, or why it says nothing: the event and condition, and what the sum of all says of it. */
export type Reading =
  | { readonly replicas: number; readonly name: string; readonly status: MetricStatus }
  | { readonly fault: string; readonly reason: string; readonly summary: string };

/** How far a metric may be off: the flag, or what the autoscaler's own behavior says (HPAConfigurableTolerance, on since 1.35). */
export function tolerancesOf({ spec }: HorizontalPodAutoscaler, usual: number): Tolerances {
  const share = (text: string | undefined) => (text === undefined ? usual : Number(parseQuantity(text).nanos) / 1e9);
  return { down: share(spec.behavior?.scaleDown?.tolerance), up: share(spec.behavior?.scaleUp?.tolerance) };
}

/** What one metric of an autoscaler says. */
export function read(measuring: Measuring, metric: MetricSpec): Reading {
  const { reason, summary, look } = sourceOf(measuring, metric);
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Unmeasured)) throw error;
    return { fault: error.message, reason, summary: `failed to get ${summary}${error.message}` };
  }
}

interface Source {
  readonly reason: string;
  readonly summary: string;
  look(): Reading;
}

function sourceOf(measuring: Measuring, metric: MetricSpec): Source {
  const { resource, containerResource, pods, object, external } = metric;
  if (resource)
    return {
      reason: "FailedGetResourceMetric",
      summary: `${resource.name} resource metric value: `,
      look: () => {
        const { name, current, replicas } = ofResource(measuring, resource.name, resource.target);
        return { replicas, name, status: { type: "Resource", resource: { name: resource.name, current } } };
      },
    };
  if (containerResource) {
    const { name: of, container, target } = containerResource;
    return {
      reason: "FailedGetContainerResourceMetric",
      summary: `${container} container metric value: `,
      look: () => {
        const { name, current, replicas } = ofResource(measuring, of, target, container);
        const status = { type: "ContainerResource", containerResource: { name: of, container, current } };
        return { replicas, name, status };
      },
    };
  }
  if (pods)
    return { reason: "FailedGetPodsMetric", summary: "pods metric value: ", look: () => ofPods(measuring, pods) };
  if (object) {
    const again = object.target.type === "AverageValue" ? `failed to get ${object.metric.name} object metric: ` : "";
    const summary = `object metric value: ${again}`;
    return { reason: "FailedGetObjectMetric", summary, look: () => ofObject(measuring, object) };
  }
  if (external) {
    const { name } = external.metric;
    const isShare = external.target.averageValue !== undefined;
    const again = isShare ? `failed to get ${name} external metric: ` : `failed to get external metric ${name}: `;
    const summary = `${name} external metric value: ${again}`;
    return { reason: "FailedGetExternalMetric", summary, look: () => ofExternal(measuring, external) };
  }
  const fault = `unknown metric source type "${metric.type}"`;
  const look = () => ({ fault, reason: "InvalidMetricSourceType", summary: fault });
  return { reason: "InvalidMetricSourceType", summary: "", look };
}

interface ResourceReading {
  readonly replicas: number;
  readonly name: string;
  readonly current: MetricValue;
}

function ofResource(measuring: Measuring, of: string, target: MetricTarget, container?: string): ResourceReading {
  const { api, namespace, selector } = measuring;
  const measured = () =>
    prefixed(`unable to get metrics for resource ${of}: `, () =>
      resourceMetrics(api, namespace, selector, of, container),
    );
  const { averageValue, averageUtilization } = target;
  if (averageValue !== undefined) {
    const wanted = milliValue(averageValue);
    const proposal = prefixed(`failed to get ${of} usage: `, () => byAverage(measuring, measured(), wanted, of));
    return { replicas: proposal.replicas, name: `${of} resource`, current: { averageValue: amount(proposal.value) } };
  }
  if (averageUtilization === undefined)
    throw new Unmeasured(
      "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set",
    );
  const proposal = prefixed(`failed to get ${of} utilization: `, () =>
    byUtilization(measuring, measured(), averageUtilization, of, container),
  );
  const what = container === undefined ? "resource" : "container resource";
  const current = { averageUtilization: proposal.utilization ?? 0, averageValue: amount(proposal.value) };
  return { replicas: proposal.replicas, name: `${of} ${what} utilization (percentage of request)`, current };
}

function ofPods(measuring: Measuring, { metric, target }: NonNullable<MetricSpec["pods"]>): Reading {
  const { api, namespace, selector } = measuring;
  const measured = prefixed(`unable to get metric ${metric.name}: `, () =>
    podMetrics(api, namespace, selector, metric),
  );
  const proposal = byAverage(measuring, measured, milliValue(target.averageValue ?? "0"));
  const status = { type: "Pods", pods: { metric, current: { averageValue: amount(proposal.value) } } };
  return { replicas: proposal.replicas, name: `pods metric ${metric.name}`, status };
}

function ofObject(measuring: Measuring, source: NonNullable<MetricSpec["object"]>): Reading {
  const { api, namespace, counted, tolerances } = measuring;
  const { describedObject, metric, target } = source;
  // The words stand in this order in Kubernetes too.
  const before = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/`;
  const usage = () => prefixed(before, () => objectMetric(api, namespace, describedObject, metric));
  if (target.type === "Value" && target.value !== undefined) {
    const { replicas, value } = byValue(measuring, usage(), milliValue(target.value));
    const status = { type: "Object", object: { describedObject, metric, current: { value: amount(value) } } };
    return { replicas, name: `${describedObject.kind} metric ${metric.name}`, status };
  }
  if (target.type === "AverageValue" && target.averageValue !== undefined) {
    const proposal = byShare(tolerances, counted, usage(), milliValue(target.averageValue));
    const current = { averageValue: amount(proposal.value) };
    const object = { metric, describedObject: { kind: "", name: "" }, current };
    return { ...shared(proposal, metric), status: { type: "Object", object } };
  }
  throw new Unmeasured("invalid object metric source: neither a value target nor an average value target was set");
}

function ofExternal(measuring: Measuring, { metric, target }: NonNullable<MetricSpec["external"]>): Reading {
  const { api, namespace, counted, tolerances } = measuring;
  const before = `unable to get external metric ${namespace}/${metric.name}/${goSelector(metric.selector)}: `;
  const usage = () => prefixed(before, () => externalMetric(api, namespace, metric));
  if (target.averageValue !== undefined) {
    const proposal = byShare(tolerances, counted, usage(), milliValue(target.averageValue));
    const external = { metric, current: { averageValue: amount(proposal.value) } };
    return { ...shared(proposal, metric), status: { type: "External", external } };
  }
  if (target.value !== undefined) {
    const proposal = byValue(measuring, usage(), milliValue(target.value));
    const external = { metric, current: { value: amount(proposal.value) } };
    return { ...shared(proposal, metric), status: { type: "External", external } };
  }
  throw new Unmeasured("invalid external metric source: neither a value target nor an average value target was set");
}

function shared(
  { replicas }: Proposal,
  { name, selector }: { readonly name: string; readonly selector?: LabelSelector },
): { readonly replicas: number; readonly name: string } {
  return { replicas, name: `external metric ${name}(${goSelector(selector)})` };
}

function amount(milli: number): string {
  return milliQuantity(milli).text;
}

function prefixed<T>(before: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Unmeasured)) throw error;
    throw new Unmeasured(`${before}${error.message}`);
  }
}
