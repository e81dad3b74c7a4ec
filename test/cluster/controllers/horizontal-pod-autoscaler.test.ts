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
  w.pass(15);
  return w;
}

test("without metrics: it says so, again and again, and scales nothing", () => {
  const w = withWeb(2);
  expect(conditions(w)).toEqual([
    "AbleToScale True SucceededGetScale the HPA controller was able to get the target's current scale",
    `ScalingActive False FailedGetResourceMetric the HPA was unable to compute the replica count: ${noMetrics}`,
  ]);
  expect(get(w)).toMatchObject({ currentReplicas: 2, desiredReplicas: 0, currentMetrics: [{ type: "" }] });
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
  expect(get(w)).toMatchObject({ currentReplicas: 1, desiredReplicas: 3, lastScaleTime: "2026-01-02T03:04:20Z" });
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

const target = (kind: string, apiVersion = "apps/v1") => ({ scaleTargetRef: { apiVersion, kind, name: "web" } });
const of = (type: string, source: object) => ({
  metrics: [{ type, [type[0]?.toLowerCase() + type.slice(1)]: source }],
});
const each = { type: "AverageValue", averageValue: "5" };
const all = { type: "Value", value: "5" };
const metric = { name: "hits" };
const labelled = {
  name: "hits",
  selector: { matchLabels: { b: "2", a: "1" }, matchExpressions: [{ key: "c", operator: "In", values: ["x", "y"] }] },
};
const noCustom =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
const noExternal =
  "unable to fetch metrics from external metrics API: the server could not find the requested resource (get hits.external.metrics.k8s.io)";
const main = { kind: "Ingress", apiVersion: "networking.k8s.io/v1", name: "main" };

// horizontal.go and replica_calculator.go, 1.35; what an API that is not there says: recorded (Datadog's and KEDA's documentation).
test.each([
  ["nothing to scale", target("ConfigMap", "v1"), "FailedGetScale the server could not find the requested resource"],
  ["no such kind", target("Cluster"), 'FailedGetScale no matches for kind "Cluster" in group "apps"'],
  ["no version", target("Deployment", "a/b/c"), "FailedGetScale unexpected GroupVersion string: a/b/c"],
  [
    "bytes",
    of("Resource", { name: "memory", target: { type: "AverageValue", averageValue: "1Mi" } }),
    `FailedGetResourceMetric ${noMetrics.replace("cpu utilization", "memory usage").replace("cpu", "memory")}`,
  ],
  [
    "one container",
    of("ContainerResource", { name: "cpu", container: "web", target: { type: "Utilization", averageUtilization: 5 } }),
    `FailedGetContainerResourceMetric ${noMetrics}`,
  ],
  ["pods", of("Pods", { metric, target: each }), `FailedGetPodsMetric unable to get metric hits: ${noCustom}`],
  [
    "an object",
    of("Object", { metric, describedObject: main, target: all }),
    `FailedGetObjectMetric unable to get metric hits: Ingress on default main/${noCustom}`,
  ],
  [
    "an object, for each pod",
    of("Object", { metric, describedObject: main, target: each }),
    `FailedGetObjectMetric unable to get metric hits: Ingress on default main/${noCustom}`,
  ],
  [
    "something outside",
    of("External", { metric, target: each }),
    `FailedGetExternalMetric unable to get external metric default/hits/nil: ${noExternal}`,
  ],
  [
    "something outside by labels",
    of("External", { metric: labelled, target: all }),
    `FailedGetExternalMetric unable to get external metric default/hits/&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:c,Operator:In,Values:[x y],},},}: ${noExternal}`,
  ],
])("an autoscaler that cannot work: %s", (_, spec, said) => {
  const w = withWeb(2, spec);
  expect(w.events("HorizontalPodAutoscaler/web")[0]).toBe(`Warning ${said}`);
  const last = conditions(w)?.at(-1);
  const [reason, ...words] = said.split(" ");
  const before = reason === "FailedGetScale" ? "HPA controller was unable to get the target's current scale" : "";
  expect(last).toContain(
    `False ${reason} the ${before || "HPA was unable to compute the replica count"}: ${words.join(" ")}`,
  );
});

test.each([
  [of("External", { metric, target: each }), "hits external metric value: failed to get hits external metric: "],
  [of("External", { metric, target: all }), "hits external metric value: failed to get external metric hits: "],
  [
    of("Object", { metric, describedObject: main, target: each }),
    "object metric value: failed to get hits object metric: ",
  ],
  [of("Object", { metric, describedObject: main, target: all }), "object metric value: unable"],
  [of("Pods", { metric, target: each }), "pods metric value: unable"],
])("what all metrics together say (horizontal.go computeReplicasForMetric, 1.35): %j", (spec, said) => {
  const [, sum] = withWeb(2, spec).events("HorizontalPodAutoscaler/web");
  const all =
    "Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get ";
  expect(sum?.slice(0, all.length + said.length)).toBe(`${all}${said}`);
});

test("two autoscalers for the same pods (recorded output)", () => {
  const w = world({ only: [...only, "replicaset-controller", "deployment-controller"] });
  w.api.create(workload("Deployment", "web", { replicas: 2 }));
  for (const name of ["web", "other"]) {
    const made = autoscaler({}, "web");
    w.api.create({ ...made, metadata: { ...made.metadata, name } });
  }
  w.pass(31);
  const said = "pods by selector app=web are controlled by multiple HPAs: [default/other default/web]";
  expect(conditions(w)?.[1]).toBe(`ScalingActive False AmbiguousSelector ${said}`);
  expect(w.events("HorizontalPodAutoscaler/web").slice(-2)).toEqual([
    `Warning AmbiguousSelector ${said}`,
    `Warning FailedComputeMetricsReplicas ${said}`,
  ]);
  expect(get(w)?.currentMetrics).toBeNull();
});

test("the controller's flags say how often it looks", () => {
  const w = world({ only, flags: { "horizontal-pod-autoscaler-sync-period": "1m" } });
  w.api.create(autoscaler());
  w.pass(59);
  expect(w.events("HorizontalPodAutoscaler/web")).toEqual([]);
  w.pass(1);
  expect(w.events("HorizontalPodAutoscaler/web")).toHaveLength(1);
});

test("a target that is not there", () => {
  const w = world({ only });
  w.api.create(autoscaler());
  w.pass(14);
  expect(conditions(w)).toBeUndefined();
  w.pass(1);
  expect(w.events("HorizontalPodAutoscaler/web")).toEqual(['Warning FailedGetScale deployments.apps "web" not found']);
  expect(conditions(w)).toEqual([
    `AbleToScale False FailedGetScale the HPA controller was unable to get the target's current scale: deployments.apps "web" not found`,
  ]);
});
