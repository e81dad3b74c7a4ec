import type { Kind } from "../define.ts";
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from "../types/autoscaling.ts";
import type { KubeObject } from "../types/meta.ts";
import { autoscalerColumns } from "./columns.ts";
import { describeHorizontalPodAutoscaler } from "./describe.ts";

/** Annotations that carry what the older form has no field for (pkg/apis/autoscaling/annotations.go, 1.35). */
const notes = {
  metrics: "autoscaling.alpha.kubernetes.io/metrics",
  currentMetrics: "autoscaling.alpha.kubernetes.io/current-metrics",
  conditions: "autoscaling.alpha.kubernetes.io/conditions",
  behavior: "autoscaling.alpha.kubernetes.io/behavior",
} as const;

interface Older extends KubeObject {
  spec: {
    scaleTargetRef: HorizontalPodAutoscaler["spec"]["scaleTargetRef"];
    minReplicas?: number;
    maxReplicas: number;
    targetCPUUtilizationPercentage?: number;
  };
  status?: {
    observedGeneration?: number;
    lastScaleTime?: string;
    currentReplicas: number;
    desiredReplicas: number;
    currentCPUUtilizationPercentage?: number;
  };
}

/** The same autoscalers as autoscaling/v1 shows them: CPU alone, everything else in annotations. */
export const autoscalingV1: Kind = {
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  group: "autoscaling",
  version: "v1",
  namespaced: true,
  short: ["hpa"],
  categories: ["all"],
  subresources: [{ name: "status", kind: "HorizontalPodAutoscaler", verbs: ["get", "patch", "update"] }],
  columns: autoscalerColumns.map((column) => ({
    ...column,
    cell: (object: KubeObject, now: number) => column.cell(newerOf(object), now),
  })),
  describe: (object, options) => describeHorizontalPodAutoscaler(newerOf(object), options),
  storedAs: {
    group: "autoscaling",
    version: "v2",
    toStored: (object) => toStored(object as Older),
    fromStored: (object) => fromStored(object as HorizontalPodAutoscaler),
  },
};

function newerOf(object: KubeObject): HorizontalPodAutoscaler {
  return object.apiVersion === "autoscaling/v2" ? (object as HorizontalPodAutoscaler) : toStored(object as Older);
}

function isCpu(metric: MetricSpec): boolean {
  return (
    metric.type === "Resource" &&
    metric.resource?.name === "cpu" &&
    metric.resource.target.averageUtilization !== undefined
  );
}

function read<T>(annotations: Readonly<Record<string, string>> | undefined, key: string): T | undefined {
  const text = annotations?.[key];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function toStored(object: Older): HorizontalPodAutoscaler {
  const { targetCPUUtilizationPercentage: percent, ...spec } = object.spec ?? {};
  const { annotations } = object.metadata ?? {};
  const target = { type: "Utilization", averageUtilization: percent ?? 0 };
  const cpu: MetricSpec[] = percent === undefined ? [] : [{ type: "Resource", resource: { name: "cpu", target } }];
  const metrics = [...cpu, ...(read<MetricSpec[]>(annotations, notes.metrics) ?? [])];
  const behavior = read<HorizontalPodAutoscaler["spec"]["behavior"]>(annotations, notes.behavior);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !(Object.values(notes) as string[]).includes(key));
  const { annotations: _, ...metadata } = object.metadata ?? {};
  return {
    ...object,
    apiVersion: "autoscaling/v2",
    metadata: { ...metadata, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) },
    spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(behavior ? { behavior } : {}) },
    ...(object.status ? { status: newerStatus(object) } : {}),
  };
}

function newerStatus({ metadata, status }: Older): NonNullable<HorizontalPodAutoscaler["status"]> {
  const { currentCPUUtilizationPercentage: percent, ...rest } = status ?? { currentReplicas: 0, desiredReplicas: 0 };
  const cpu: MetricStatus[] =
    percent === undefined
      ? []
      : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: percent } } }];
  const others = read<MetricStatus[]>(metadata.annotations, notes.currentMetrics) ?? [];
  const conditions = read<NonNullable<HorizontalPodAutoscaler["status"]>["conditions"]>(
    metadata.annotations,
    notes.conditions,
  );
  const currentMetrics = [...cpu, ...others];
  return {
    ...rest,
    currentMetrics: currentMetrics.length > 0 ? currentMetrics : null,
    ...(conditions ? { conditions } : {}),
  };
}

function fromStored(object: HorizontalPodAutoscaler): Older {
  const { metrics = [], behavior, ...spec } = object.spec;
  const { currentMetrics, conditions, currentReplicas = 0, desiredReplicas = 0, ...status } = object.status ?? {};
  const cpu = metrics.find(isCpu);
  const others = metrics.filter((metric) => metric !== cpu);
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  const note = (key: string, value: unknown) => {
    if (Array.isArray(value) ? value.length > 0 : value) annotations[key] = JSON.stringify(value);
  };
  note(notes.metrics, others);
  note(notes.behavior, behavior);
  note(notes.currentMetrics, currentMetrics);
  note(notes.conditions, conditions);
  const percent = cpu?.resource?.target.averageUtilization;
  const now = currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current.averageUtilization;
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    metadata: { ...object.metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { ...spec, ...(percent === undefined ? {} : { targetCPUUtilizationPercentage: percent }) },
    status: {
      ...status,
      currentReplicas,
      desiredReplicas,
      ...(now === undefined ? {} : { currentCPUUtilizationPercentage: now }),
    },
  };
}
