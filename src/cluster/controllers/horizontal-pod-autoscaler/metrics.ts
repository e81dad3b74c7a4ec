import type { HorizontalPodAutoscaler, MetricSpec } from "../../../kinds/types/autoscaling.ts";

/** Why a metric cannot be told: what the event and the condition say, and what the sum of all says. */
export interface MetricFault {
  readonly reason: string;
  readonly message: string;
  readonly summary: string;
}

const noResourceMetrics =
  "unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";
const noCustomMetrics =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
const noExternalMetrics =
  "unable to fetch metrics from external metrics API: no external metrics API (external.metrics.k8s.io) registered";

/**
 * What keeps each metric from being known. Nothing in a cluster of the lab measures pods: the API metrics.k8s.io, which
 * metrics-server would serve, is not there (kubernetes pkg/controller/podautoscaler/horizontal.go and metrics/client.go, 1.35).
 */
export function metricFaults({ metadata, spec }: HorizontalPodAutoscaler): readonly MetricFault[] {
  return (spec.metrics ?? []).map((metric) => faultOf(metric, metadata.namespace ?? ""));
}

function faultOf(metric: MetricSpec, namespace: string): MetricFault {
  const { resource, containerResource, pods, object, external } = metric;
  const fault = (reason: string, message: string, what: string) => ({
    reason,
    message,
    summary: `failed to get ${what} metric value: ${message}`,
  });
  if (metric.type === "Resource" && resource) {
    const word = resource.target.averageValue === undefined ? "utilization" : "usage";
    const message = `failed to get ${resource.name} ${word}: unable to get metrics for resource ${resource.name}: ${noResourceMetrics}`;
    return fault("FailedGetResourceMetric", message, `${resource.name} resource`);
  }
  if (metric.type === "ContainerResource" && containerResource) {
    const { name, target } = containerResource;
    const word = target.averageValue === undefined ? "utilization" : "usage";
    const message = `failed to get ${name} ${word}: unable to get metrics for resource ${name}: ${noResourceMetrics}`;
    return fault("FailedGetContainerResourceMetric", message, `${name} container`);
  }
  if (metric.type === "Pods" && pods)
    return fault("FailedGetPodsMetric", `unable to get metric ${pods.metric.name}: ${noCustomMetrics}`, "pods");
  if (metric.type === "Object" && object) {
    const { kind, name } = object.describedObject;
    const message = `unable to get metric ${object.metric.name}: ${kind} on ${namespace} ${name}/${noCustomMetrics}`;
    return fault("FailedGetObjectMetric", message, "object");
  }
  const name = external?.metric.name ?? "";
  const message = `unable to get external metric ${namespace}/${name}/nil: ${noExternalMetrics}`;
  return fault("FailedGetExternalMetric", message, `${name} external`);
}
