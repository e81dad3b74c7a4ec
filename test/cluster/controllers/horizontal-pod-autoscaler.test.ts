import { expect, test } from "vitest";
import type { HorizontalPodAutoscaler } from "../../../src/kinds/types/autoscaling.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Deployment } from "../../../src/kinds/types/workload.ts";
import { type World, workload, world } from "./setup.ts";

// Words as a cluster without metrics-server shows them (recorded output up to 1.35).

const only = ["horizontal-pod-autoscaler-controller"];
const noMetrics =
  "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

function autoscaler(spec: object = {}, name = "web"): KubeObject {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace: "default" },
    spec: { scaleTargetRef, maxReplicas: 5, ...spec },
  };
}
const get = (w: World, name = "web") =>
  w.api.get<HorizontalPodAutoscaler>("horizontalpodautoscalers.autoscaling", "default", name)?.status;
const replicas = (w: World) => w.api.get<Deployment>("deployments.apps", "default", "web")?.spec.replicas;
const conditions = (w: World, name = "web") =>
  get(w, name)?.conditions?.map(({ type, status, reason, message }) => `${type} ${status} ${reason} ${message}`);

function withWeb(count: number, spec: object = {}): World {
  const w = world({ only });
  w.api.create(workload("Deployment", "web", { replicas: count }));
  w.api.create(autoscaler(spec));
  w.settle();
  return w;
}

test("without metrics: it says so, again and again, and scales nothing", () => {
  const w = withWeb(2);
  expect(conditions(w)).toEqual([
    "AbleToScale True SucceededGetScale the HPA controller was able to get the target's current scale",
    `ScalingActive False FailedGetResourceMetric the HPA was unable to compute the replica count: ${noMetrics}`,
  ]);
  expect(get(w)).toMatchObject({ currentReplicas: 2, desiredReplicas: 0, currentMetrics: null });
  w.pass(31);
  expect(w.events("HorizontalPodAutoscaler/web")).toEqual([
    `Warning FailedGetResourceMetric ${noMetrics}`,
    `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${noMetrics}`,
  ]);
  expect(w.api.list<KubeObject>("events").map(({ count }) => count)).toEqual([3, 3]);
  expect(replicas(w)).toBe(2);
});

test("into its bounds it brings everything at once", () => {
  const w = withWeb(1, { minReplicas: 3 });
  expect(replicas(w)).toBe(3);
  expect(w.events("HorizontalPodAutoscaler/web")[0]).toBe(
    "Normal SuccessfulRescale New size: 3; reason: Current number of replicas below Spec.MinReplicas",
  );
  expect(conditions(w)).toEqual([
    "AbleToScale True SucceededRescale the HPA controller was able to update the target scale to 3",
  ]);
  expect(get(w)).toMatchObject({ currentReplicas: 1, desiredReplicas: 3, lastScaleTime: "2026-01-02T03:04:05Z" });
  const web = w.api.get<Deployment>("deployments.apps", "default", "web") as Deployment;
  w.api.update({ ...web, spec: { ...web.spec, replicas: 9 } });
  w.pass(16);
  expect(replicas(w)).toBe(5);
});

test("what is scaled to zero by hand stays so", () => {
  const w = withWeb(0);
  w.pass(20);
  expect(replicas(w)).toBe(0);
  expect(conditions(w)?.[1]).toBe(
    "ScalingActive False ScalingDisabled scaling is disabled since the replica count of the target is zero",
  );
});

test("a target that is not there", () => {
  const w = world({ only });
  w.api.create(autoscaler());
  w.settle();
  expect(w.events("HorizontalPodAutoscaler/web")).toEqual(['Warning FailedGetScale deployments.apps "web" not found']);
  expect(conditions(w)).toEqual([
    `AbleToScale False FailedGetScale the HPA controller was unable to get the target's current scale: deployments.apps "web" not found`,
  ]);
});
