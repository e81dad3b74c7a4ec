import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
} from "../types/autoscaling.ts";

const unknown = "<unknown>";

/** A metric that pods have by themselves, as the column shows it: `12%/50%`, `30Mi/100Mi`. */
function ofResource(target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue}`;
  const now = current?.averageUtilization;
  const wanted = target.averageUtilization;
  return `${now === undefined ? unknown : `${now}%`}/${wanted === undefined ? "<auto>" : `${wanted}%`}`;
}

/** A metric of something else: its value, or the value for each pod. */
function ofValue(target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? unknown}/${target.value ?? unknown}`;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  const { resource, containerResource, pods, object, external } = metric;
  if (metric.type === "Resource" && resource)
    return `${resource.name}: ${ofResource(resource.target, status?.resource?.current)}`;
  if (metric.type === "ContainerResource" && containerResource)
    return `${containerResource.name}: ${ofResource(containerResource.target, status?.containerResource?.current)}`;
  if (metric.type === "Pods" && pods)
    return `${status?.pods?.current.averageValue ?? unknown}/${pods.target.averageValue ?? unknown}`;
  if (metric.type === "Object" && object) return ofValue(object.target, status?.object?.current);
  if (metric.type === "External" && external) return ofValue(external.target, status?.external?.current);
  return "<unknown type>";
}

/** What is measured and what is wanted, two metrics at most (printers formatHPAMetrics, 1.33). */
export function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? [];
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, i) => metricText(metric, status?.currentMetrics?.[i]));
  const shown = texts.slice(0, 2).join(", ");
  return texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown;
}
