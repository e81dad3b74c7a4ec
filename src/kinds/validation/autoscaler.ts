import { parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { forbidden, required, unsupported, wrong } from "../problem.ts";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricTarget,
  ScalingRules,
  TargetReference,
} from "../types/autoscaling.ts";
import { check } from "./labels.ts";
import { pathSegment } from "./words.ts";

// kubernetes pkg/apis/autoscaling/validation, 1.35.

const metricTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];
const sources = ["object", "external", "pods", "resource", "containerResource"] as const;

/** What is wrong with an autoscaler. */
export function autoscalerProblems({ spec }: HorizontalPodAutoscaler): readonly Problem[] {
  const problems: Problem[] = [];
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  if (minReplicas !== undefined && minReplicas < 1)
    problems.push(wrong("spec.minReplicas", minReplicas, "must be greater than or equal to 1"));
  if (maxReplicas < 1) problems.push(wrong("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    problems.push(wrong("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  checkTarget(scaleTargetRef, "spec.scaleTargetRef", problems);
  for (const [index, metric] of metrics.entries()) checkMetric(metric, `spec.metrics[${index}]`, problems);
  checkRules(behavior?.scaleUp, "spec.behavior.scaleUp", problems);
  checkRules(behavior?.scaleDown, "spec.behavior.scaleDown", problems);
  return problems;
}

function checkTarget(target: TargetReference | undefined, path: string, problems: Problem[]): void {
  for (const field of ["kind", "name"] as const) {
    const text = target?.[field];
    if (!text) problems.push(required(`${path}.${field}`));
    else check(pathSegment, text, `${path}.${field}`, problems);
  }
}

function checkMetric(metric: MetricSpec, path: string, problems: Problem[]): void {
  const { type = "" } = metric;
  if (type === "") problems.push(required(`${path}.type`, "must specify a metric source type"));
  if (!metricTypes.includes(type)) problems.push(unsupported(`${path}.type`, type, metricTypes));
  const given = sources.filter((source) => metric[source] !== undefined);
  const [first] = given;
  if (first) checkSource(metric, first, `${path}.${first}`, problems);
  const wanted = sources.find((source) => source.toLowerCase() === type.toLowerCase());
  if (wanted && !given.includes(wanted))
    problems.push(required(`${path}.${wanted}`, "must populate information for the given metric source"));
  if (given.length > 1)
    for (const other of given)
      if (other !== wanted) problems.push(forbidden(`${path}.${other}`, "must populate the given metric source only"));
}

function checkSource(metric: MetricSpec, source: (typeof sources)[number], path: string, problems: Problem[]): void {
  const { resource, containerResource, pods, object, external } = metric;
  if (source === "resource" || source === "containerResource") {
    const { name, target } = { ...resource, ...containerResource };
    if (!name) problems.push(required(`${path}.name`, "must specify a resource name"));
    if (source === "containerResource" && !containerResource?.container)
      problems.push(required(`${path}.container`, "must specify a container"));
    checkAmounts(target, `${path}.target`, problems);
    checkShare(target, `${path}.target`, problems);
    return;
  }
  const { metric: named, target } = { ...pods, ...object, ...external };
  if (source === "object") checkTarget(object?.describedObject, `${path}.describedObject`, problems);
  if (!named?.name) problems.push(required(`${path}.metric.name`, "must specify a metric name"));
  else check(pathSegment, named.name, `${path}.metric.name`, problems);
  checkAmounts(target, `${path}.target`, problems);
  if (source === "pods") {
    if (!isPositive(target?.averageValue))
      problems.push(required(`${path}.target.averageValue`, "must specify a positive target averageValue"));
  } else if (target?.value === undefined && target?.averageValue === undefined)
    problems.push(
      required(
        `${path}.target.averageValue`,
        source === "object"
          ? "must set either a target value or averageValue"
          : "must set either a target value for metric or a per-pod target",
      ),
    );
  if (source === "external" && target?.value !== undefined && target.averageValue !== undefined)
    problems.push(forbidden(`${path}.target.value`, "may not set both a target value for metric and a per-pod target"));
}

function checkShare(target: MetricTarget | undefined, path: string, problems: Problem[]): void {
  const { averageUtilization, averageValue } = target ?? {};
  if (averageUtilization === undefined && averageValue === undefined)
    problems.push(required(`${path}.averageUtilization`, "must set either a target raw value or a target utilization"));
  if (averageUtilization !== undefined && averageValue !== undefined)
    problems.push(forbidden(`${path}.averageValue`, "may not set both a target raw value and a target utilization"));
}

function isPositive(text: string | undefined): boolean {
  return text !== undefined && parseQuantity(text).nanos > 0n;
}

function checkAmounts(target: MetricTarget | undefined, path: string, problems: Problem[]): void {
  const { type = "", value, averageValue, averageUtilization } = target ?? {};
  if (type === "") problems.push(required(`${path}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type))
    problems.push(wrong(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  if (value !== undefined && !isPositive(value)) problems.push(wrong(`${path}.value`, value, "must be positive"));
  if (averageValue !== undefined && !isPositive(averageValue))
    problems.push(wrong(`${path}.averageValue`, averageValue, "must be positive"));
  if (averageUtilization !== undefined && averageUtilization < 1)
    problems.push(wrong(`${path}.averageUtilization`, averageUtilization, "must be greater than 0"));
}

const longestWindow = 3600;
const longestPeriod = 1800;

function checkRules(rules: ScalingRules | undefined, path: string, problems: Problem[]): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const at = `${path}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0) problems.push(wrong(at, window, "must be greater than or equal to zero"));
  if (window !== undefined && window > longestWindow)
    problems.push(wrong(at, window, `must be less than or equal to ${longestWindow}`));
  if (selectPolicy !== undefined && !["Disabled", "Max", "Min"].includes(selectPolicy))
    problems.push(unsupported(`${path}.selectPolicy`, selectPolicy, ["Disabled", "Max", "Min"]));
  if (policies.length === 0) problems.push(required(`${path}.policies`, "must specify at least one Policy"));
  for (const [index, { type, value = 0, periodSeconds = 0 }] of policies.entries()) {
    const one = `${path}.policies[${index}]`;
    if (type !== "Pods" && type !== "Percent")
      problems.push(unsupported(`${one}.type`, type ?? "", ["Percent", "Pods"]));
    if (value <= 0) problems.push(wrong(`${one}.value`, value, "must be greater than zero"));
    if (periodSeconds <= 0) problems.push(wrong(`${one}.periodSeconds`, periodSeconds, "must be greater than zero"));
    if (periodSeconds > longestPeriod)
      problems.push(wrong(`${one}.periodSeconds`, periodSeconds, `must be less than or equal to ${longestPeriod}`));
  }
  if (tolerance !== undefined && parseQuantity(tolerance).nanos < 0n)
    problems.push(wrong(`${path}.tolerance`, tolerance, "must be greater or equal to zero"));
}
