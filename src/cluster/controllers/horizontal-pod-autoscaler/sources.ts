import type { Micros } from "../../../base/clock.ts";
import { SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import type { JsonObject } from "../../../base/json.ts";
import { milliValue } from "../../../base/quantity.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { resourceName } from "../../../kinds/define.ts";
import { selectorText } from "../../../kinds/label-selector.ts";
import { Status } from "../../../kinds/status.ts";
import type { TargetReference } from "../../../kinds/types/autoscaling.ts";
import type { LabelSelector } from "../../../kinds/types/meta.ts";
import { type Api, Unreachable } from "../../apiserver/define.ts";
import { Unmeasured } from "./unmeasured.ts";

/** What one pod uses, in thousandths, measured over the window that ended at a time. */
export interface PodMetric {
  readonly value: number;
  readonly at: Micros;
  readonly window: Micros;
}

/** By the names of the pods. */
export type PodMetrics = Map<string, PodMetric>;

interface NamedMetric {
  readonly name: string;
  readonly selector?: LabelSelector;
}

interface MeasuredPod {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

const CUSTOM = "custom.metrics.k8s.io";

/**
 * What the pods use of a resource, one container or all, by metrics.k8s.io (kubernetes
 * pkg/controller/podautoscaler/metrics/client.go, 1.35). Throws Unmeasured.
 */
export function resourceMetrics(
  api: Api,
  namespace: string,
  selector: string,
  resource: string,
  container: string | undefined,
): PodMetrics {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods${labels({ labelSelector: selector })}`;
  const items = itemsAt(api, path, "resource") as unknown as readonly MeasuredPod[];
  const found: PodMetrics = new Map();
  for (const pod of items) {
    const value = usageOf(pod, resource, container);
    if (value !== undefined) found.set(pod.metadata.name, { value, ...timesOf(pod.timestamp, pod.window) });
  }
  return found;
}

function usageOf(
  { metadata, containers = [] }: MeasuredPod,
  resource: string,
  container: string | undefined,
): number | undefined {
  if (container === undefined) {
    const values = containers.map(({ usage }) => usage[resource]);
    if (values.length === 0 || values.includes(undefined)) return undefined;
    return values.reduce((sum, value) => sum + milliValue(value ?? "0"), 0);
  }
  const one = containers.find(({ name }) => name === container);
  if (!one) {
    const pod = `${metadata.namespace ?? ""}/${metadata.name}`;
    throw new Unmeasured(
      `failed to get container metrics: container ${container} not present in metrics for pod ${pod}`,
    );
  }
  const value = one.usage[resource];
  return value === undefined ? undefined : milliValue(value);
}

/** What an adapter of custom.metrics.k8s.io knows of each pod. Throws Unmeasured. */
export function podMetrics(api: Api, namespace: string, selector: string, metric: NamedMetric): PodMetrics {
  const query = labels({ labelSelector: selector, metricLabelSelector: selectorText(metric.selector) });
  const path = `${customPath(api)}/namespaces/${namespace}/pods/*/${metric.name}${query}`;
  const found: PodMetrics = new Map();
  for (const item of itemsAt(api, path, "custom")) {
    const { describedObject, value, timestamp, windowSeconds } = item as {
      describedObject: { name: string };
      value: string;
      timestamp?: string;
      windowSeconds?: number;
    };
    const times = timesOf(timestamp, `${windowSeconds ?? 60}s`);
    found.set(describedObject.name, { value: milliValue(value), ...times });
  }
  return found;
}

/** What an adapter knows of one object, in thousandths. Throws Unmeasured. */
export function objectMetric(api: Api, namespace: string, about: TargetReference, metric: NamedMetric): number {
  const group = about.apiVersion?.includes("/") ? (about.apiVersion.split("/")[0] ?? "") : "";
  const kind = api.kinds().find((one) => one.kind === about.kind && one.group === group);
  const root = customPath(api);
  if (!kind) {
    const of = `unable to map kind ${group === "" ? about.kind : `${about.kind}.${group}`} to resource`;
    throw new Unmeasured(`${fetching("custom")}${of}: no matches for kind "${about.kind}" in group "${group}"`);
  }
  const isNamespace = about.kind === "Namespace" && group === "";
  const what = isNamespace ? "metrics" : `${resourceName(kind)}/${about.name}`;
  const query = labels({ metricLabelSelector: selectorText(metric.selector) });
  const [item] = itemsAt(api, `${root}/namespaces/${namespace}/${what}/${metric.name}${query}`, "custom");
  return milliValue((item as { value: string }).value);
}

/** What an adapter of external.metrics.k8s.io knows of something outside of the cluster, in thousandths. Throws Unmeasured. */
export function externalMetric(api: Api, namespace: string, metric: NamedMetric): number {
  const query = labels({ labelSelector: selectorText(metric.selector) });
  const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${metric.name}${query}`;
  const values = itemsAt(api, path, "external") as readonly { value: string }[];
  return values.reduce((sum, { value }) => sum + milliValue(value), 0);
}

/** Of the versions that the server lists for custom metrics the preferred one (k8s.io/metrics discovery.go, 1.35). */
function customPath(api: Api): string {
  const { groups = [] } = asked(api, "/apis", "custom") as {
    groups?: readonly { name: string; preferredVersion?: { groupVersion: string } }[];
  };
  const group = groups.find(({ name }) => name === CUSTOM);
  if (!group) throw new Unmeasured(`${fetching("custom")}no custom metrics API (${CUSTOM}) registered`);
  return `/apis/${group.preferredVersion?.groupVersion ?? `${CUSTOM}/v1beta2`}`;
}

type Source = "resource" | "custom" | "external";

function fetching(source: Source): string {
  return `unable to fetch metrics from ${source} metrics API: `;
}

function itemsAt(api: Api, path: string, source: Source): readonly JsonObject[] {
  const { items = [] } = asked(api, path, source) as { items?: readonly JsonObject[] };
  if (items.length === 0) throw new Unmeasured(`no metrics returned from ${source} metrics API`);
  return items;
}

function asked(api: Api, path: string, source: Source): JsonObject {
  try {
    return api.ask({ path });
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    throw new Unmeasured(`${fetching(source)}${error.message}`);
  }
}

function timesOf(timestamp: string | undefined, window: string | undefined): { at: Micros; window: Micros } {
  return {
    at: parseRfc3339(timestamp ?? "") ?? 0,
    window: window === undefined ? 60 * SECOND : parseGoDuration(window),
  };
}

function labels(selectors: Readonly<Record<string, string>>): string {
  const words = Object.entries(selectors).filter(([, text]) => text !== "");
  return words.length === 0 ? "" : `?${words.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join("&")}`;
}
