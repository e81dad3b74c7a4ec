import { goQuote } from "../../base/go-text.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
  ScalingRules,
} from "../types/autoscaling.ts";

const unknown = "<unknown>";

/** The text of `kubectl describe horizontalpodautoscaler`. */
export function* describeHorizontalPodAutoscaler(
  object: HorizontalPodAutoscaler,
  options: DescribeOptions,
): Describing {
  const { metadata, spec, status } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  w.field(0, "Reference", `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
  w.line(0, "Metrics:\t( current / target )");
  spec.metrics?.forEach((metric, i) => {
    writeMetric(w, metric, status?.currentMetrics?.[i]);
  });
  w.field(0, "Min replicas", spec.minReplicas ?? "<unset>");
  w.field(0, "Max replicas", spec.maxReplicas);
  if (spec.behavior) {
    w.line(0, "Behavior:");
    writeRules(w, "Scale Up", spec.behavior.scaleUp);
    writeRules(w, "Scale Down", spec.behavior.scaleDown);
  }
  const replicas = `${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`;
  w.field(0, `${spec.scaleTargetRef.kind} pods`, replicas);
  writeConditions(w, object);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeConditions(w: Writer, { status }: HorizontalPodAutoscaler): void {
  if (!status?.conditions?.length) return;
  w.line(0, "Conditions:");
  w.line(1, "Type\tStatus\tReason\tMessage");
  w.line(1, "----\t------\t------\t-------");
  for (const { type, status: state, reason = "", message = "" } of status.conditions)
    w.line(1, `${type}\t${state}\t${reason}\t${message}`);
}

function writeMetric(w: Writer, metric: MetricSpec, status: MetricStatus | undefined): void {
  const { resource, containerResource, pods, object, external } = metric;
  if (metric.type === "Resource" && resource)
    writeResource(w, `resource ${resource.name} on pods`, resource.target, status?.resource?.current);
  else if (metric.type === "ContainerResource" && containerResource) {
    const { name, container, target } = containerResource;
    writeResource(
      w,
      `resource ${name} of container "${container}" on pods`,
      target,
      status?.containerResource?.current,
    );
  } else if (metric.type === "Pods" && pods) {
    const current = status?.pods?.current.averageValue ?? unknown;
    w.line(1, `${goQuote(pods.metric.name)} on pods:\t${current} / ${pods.target.averageValue ?? ""}`);
  } else if (metric.type === "Object" && object) {
    const { kind, name } = object.describedObject;
    const about = `"${object.metric.name}" on ${kind}/${name}`;
    writeValue(w, about, object.target, status?.object?.current, object.target.type === "AverageValue");
  } else if (metric.type === "External" && external) {
    const averages = external.target.averageValue !== undefined;
    writeValue(w, goQuote(external.metric.name), external.target, status?.external?.current, averages);
  } else w.line(1, `<unknown metric type ${goQuote(metric.type)}>`);
}

function writeResource(w: Writer, title: string, target: MetricTarget, current: MetricValue | undefined): void {
  if (target.averageValue !== undefined) {
    w.line(1, `${title}:\t${current?.averageValue ?? unknown} / ${target.averageValue}`);
    return;
  }
  const now = current?.averageUtilization;
  const shown = now === undefined ? unknown : `${now}% (${current?.averageValue ?? ""})`;
  const wanted = target.averageUtilization === undefined ? "<auto>" : `${target.averageUtilization}%`;
  w.line(1, `${title}  (as a percentage of request):\t${shown} / ${wanted}`);
}

function writeValue(
  w: Writer,
  title: string,
  target: MetricTarget,
  current: MetricValue | undefined,
  averages: boolean,
): void {
  if (averages)
    w.line(1, `${title} (target average value):\t${current?.averageValue ?? unknown} / ${target.averageValue}`);
  else w.line(1, `${title} (target value):\t${current?.value ?? unknown} / ${target.value}`);
}

function writeRules(w: Writer, title: string, rules: ScalingRules | undefined): void {
  if (!rules) return;
  w.line(1, `${title}:`);
  if (rules.stabilizationWindowSeconds !== undefined)
    w.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  w.line(2, `Select Policy: ${rules.selectPolicy ?? "Max"}`);
  w.line(2, "Policies:");
  for (const { type, value, periodSeconds } of rules.policies)
    w.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}
