import { canonical } from "../defaults/quantities.ts";
import type { Kind } from "../define.ts";
import type { HorizontalPodAutoscaler, MetricSpec, ScalingRules } from "../types/autoscaling.ts";
import { autoscalerProblems } from "../validation/autoscaler.ts";
import { autoscalerColumns } from "./columns.ts";
import { describeHorizontalPodAutoscaler } from "./describe.ts";

/** Sets the number of replicas of something by what its pods use. */
export const horizontalPodAutoscaler: Kind<HorizontalPodAutoscaler> = {
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  group: "autoscaling",
  version: "v2",
  namespaced: true,
  short: ["hpa"],
  categories: ["all"],
  subresources: [{ name: "status", kind: "HorizontalPodAutoscaler", verbs: ["get", "patch", "update"] }],
  defaults,
  prepareForCreate(object) {
    object.status = emptyStatus();
  },
  problems: autoscalerProblems,
  columns: autoscalerColumns,
  describe: describeHorizontalPodAutoscaler,
};

/** What the API writes even where there is nothing yet. */
function emptyStatus(): NonNullable<HorizontalPodAutoscaler["status"]> {
  return { currentMetrics: null, desiredReplicas: 0 };
}

/** One replica at least, 80 % of the CPU asked for, and the usual behavior (autoscaling/v2 defaults, 1.35). */
function defaults(object: HorizontalPodAutoscaler): void {
  object.spec ??= {} as HorizontalPodAutoscaler["spec"];
  object.status ??= emptyStatus();
  const { spec } = object;
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length)
    spec.metrics = [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
    ];
  for (const metric of spec.metrics) canonicalTarget(metric);
  if (!spec.behavior) return;
  spec.behavior.scaleUp = rules({ stabilizationWindowSeconds: 0, ...spec.behavior.scaleUp }, [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ]);
  spec.behavior.scaleDown = rules({ ...spec.behavior.scaleDown }, [{ type: "Percent", value: 100, periodSeconds: 15 }]);
}

function canonicalTarget({ resource, containerResource, pods, object, external }: MetricSpec): void {
  for (const source of [resource, containerResource, pods, object, external]) {
    const target = source?.target;
    if (target?.value !== undefined) target.value = canonical(target.value);
    if (target?.averageValue !== undefined) target.averageValue = canonical(target.averageValue);
  }
}

function rules(given: ScalingRules, policies: NonNullable<ScalingRules["policies"]>): ScalingRules {
  const { tolerance } = given;
  return {
    selectPolicy: "Max",
    ...given,
    policies: given.policies ?? policies,
    ...(tolerance === undefined ? {} : { tolerance: canonical(tolerance) }),
  };
}
