import { beforeAll, describe, expect, test } from "vitest";
import { metricsServer } from "../../../../src/cluster/kubeadm/addons/metrics-server.ts";
import type { HorizontalPodAutoscaler } from "../../../../src/kinds/types/autoscaling.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { Deployment } from "../../../../src/kinds/types/workload.ts";
import { root } from "../../../../src/machine/define-files.ts";
import { type Lab, makeLab } from "../../kubelet/setup.ts";

interface ClusterRole extends KubeObject {
  readonly rules: readonly { readonly apiGroups?: readonly string[] }[] | null;
}

/** A shell that takes what its limit leaves it for some minutes, and then rests. Little, so that the test takes little. */
const busy = `apiVersion: apps/v1
kind: Deployment
metadata: {name: busy}
spec:
  replicas: 1
  selector: {matchLabels: {app: busy}}
  template:
    metadata: {labels: {app: busy}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:1.36
        command: [sh, -c, "while :; do :; done & sleep 150; kill $!; sleep 100000"]
        resources: {requests: {cpu: 5m}, limits: {cpu: 10m}}`;

describe("under load, measured by metrics-server", () => {
  let lab: Lab;
  const replicas = () => lab.api.get<Deployment>("deployments.apps", "default", "busy")?.spec.replicas;
  const autoscaler = () =>
    lab.api.get<HorizontalPodAutoscaler>("horizontalpodautoscalers.autoscaling", "default", "busy");
  const shown = () => lab.sh("cp", "kubectl get hpa busy --no-headers").stdout;
  const conditions = () =>
    autoscaler()?.status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

  beforeAll(() => {
    lab = makeLab();
    lab.host("cp").files.write("/root/components.yaml", metricsServer(true), root);
    lab.sh("cp", "kubectl apply -f /root/components.yaml");
    lab.apply(busy);
    const line = "kubectl autoscale deployment busy --min=1 --max=3 --cpu-percent=50";
    expect(lab.sh("cp", line).stdout).toBe("horizontalpodautoscaler.autoscaling/busy autoscaled\n");
  });

  test("until something is measured it says that it is unknown", () => {
    expect(shown()).toMatch(/^busy +Deployment\/busy +cpu: <unknown>\/50% +1 +3 +0 +/);
    lab.world.advance(16);
    expect(shown()).toMatch(/^busy +Deployment\/busy +cpu: <unknown>\/50% +1 +3 +1 +/);
    expect(conditions()).toEqual(["AbleToScale True SucceededGetScale", "ScalingActive False FailedGetResourceMetric"]);
    expect(autoscaler()?.status).toMatchObject({ desiredReplicas: 0, currentMetrics: [{ type: "" }] });
  });

  test("twice what it asks for: it grows to its maximum", () => {
    lab.until("it has three replicas", () => replicas() === 3, 300);
    expect(shown()).toMatch(/^busy +Deployment\/busy +cpu: 200%\/50% +1 +3 +1 +/);
    expect(lab.events("busy", "HorizontalPodAutoscaler").at(-1)).toBe(
      "Normal SuccessfulRescale New size: 3; reason: cpu resource utilization (percentage of request) above target",
    );
    expect(conditions()).toEqual([
      "AbleToScale True SucceededRescale",
      "ScalingActive True ValidMetricFound",
      "ScalingLimited True TooManyReplicas",
    ]);
    lab.world.advance(60);
    expect(replicas()).toBe(3);
    expect(shown()).toMatch(/^busy +Deployment\/busy +cpu: 200%\/50% +1 +3 +3 +/);
    expect(lab.sh("cp", "kubectl describe hpa busy").stdout).toMatch(
      /Metrics: +\( current \/ target \)\n {2}resource cpu on pods {2}\(as a percentage of request\): {2}200% \(10m\) \/ 50%/,
    );
  });

  test("at rest: it shrinks, but not before five minutes", () => {
    lab.until(
      "nothing is used",
      () => autoscaler()?.status?.currentMetrics?.[0]?.resource?.current.averageUtilization === 0,
      600,
    );
    expect(conditions()?.[0]).toBe("AbleToScale True ScaleDownStabilized");
    const since = lab.now();
    lab.until("it has one replica", () => replicas() === 1, 400);
    expect(lab.now() - since).toBeGreaterThan(240);
    expect(lab.now() - since).toBeLessThan(330);
    expect(lab.events("busy", "HorizontalPodAutoscaler").at(-1)).toBe(
      "Normal SuccessfulRescale New size: 1; reason: All metrics below target",
    );
  });

  test("without the right to metrics: the API server's words", () => {
    const name = "system:controller:horizontal-pod-autoscaler";
    const role = lab.api.get<ClusterRole>("clusterroles.rbac.authorization.k8s.io", undefined, name);
    if (!role) throw new Error("no role");
    const rules = role.rules?.filter(({ apiGroups }) => !apiGroups?.includes("metrics.k8s.io")) ?? null;
    lab.api.update({ ...role, rules });
    lab.world.advance(16);
    expect(lab.events("busy", "HorizontalPodAutoscaler").at(-1)).toContain(
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: pods.metrics.k8s.io is forbidden: User "system:serviceaccount:kube-system:horizontal-pod-autoscaler" cannot list resource "pods" in API group "metrics.k8s.io" in the namespace "default"',
    );
  });
});
