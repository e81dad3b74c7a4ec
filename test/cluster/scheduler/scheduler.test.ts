import { describe, expect, test } from "vitest";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Event, Node } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { addNode, podNamed, reportPod, type World, workload, world } from "../controllers/setup.ts";

const only = ["replicaset-controller", "daemonset-controller", "node-lifecycle-controller"];
const pod = (w: World, name: string) => w.api.get<Pod>("pods", "default", name) as Pod;
const requests = (cpu: string, memory = "64Mi") => ({
  containers: [{ name: "web", image: "nginx", resources: { requests: { cpu, memory } } }],
});
const taint = (w: World, name: string, taints: NonNullable<Node["spec"]["taints"]>) =>
  w.api.modify<Node>(w.api.get<Node>("nodes", undefined, name) as Node, (n) => ({ ...n, spec: { ...n.spec, taints } }));

function nodes(...names: string[]): World {
  const w = world({ only, scheduler: true });
  for (const name of names) addNode(w, name);
  return w;
}

/** What the scheduler says of a pod that found no place, without the part about preemption. */
function refusal(w: World, name: string): string {
  const message = conditionOf(pod(w, name), "PodScheduled")?.message ?? "";
  return message.replace(/ no new claims.*/, "");
}

describe("scheduler", () => {
  test("binds, and says so as events.k8s.io has it", () => {
    const w = nodes("w1");
    w.api.create(podNamed("a"));
    w.settle();
    expect(pod(w, "a").spec.nodeName).toBe("w1");
    expect(conditionOf(pod(w, "a"), "PodScheduled")).toMatchObject({ status: "True" });
    expect(w.api.list<Event>("events").find(({ reason }) => reason === "Scheduled")).toMatchObject({
      type: "Normal",
      action: "Binding",
      message: "Successfully assigned default/a to w1",
      reportingComponent: "default-scheduler",
      source: {},
    });
  });

  test("no node at all", () => {
    const w = nodes();
    w.api.create(podNamed("a"));
    w.settle();
    expect(conditionOf(pod(w, "a"), "PodScheduled")).toMatchObject({
      status: "False",
      reason: "Unschedulable",
      message: "no nodes available to schedule pods",
    });
    addNode(w, "w1");
    w.pass(2);
    expect(pod(w, "a").spec.nodeName).toBe("w1");
  });

  test("every reason is counted; the words about preemption follow from them", () => {
    const w = nodes("cp", "w1", "w2", "w3");
    taint(w, "cp", [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }]);
    w.api.modify<Node>(w.api.get<Node>("nodes", undefined, "w3") as Node, (n) => ({
      ...n,
      spec: { unschedulable: true },
    }));
    w.settle();
    w.api.create(podNamed("filler1", { ...requests("1500m"), nodeSelector: { "kubernetes.io/hostname": "w1" } }));
    w.api.create(podNamed("filler2", { ...requests("1500m"), nodeSelector: { "kubernetes.io/hostname": "w2" } }));
    w.settle();
    w.api.create(podNamed("a", requests("1")));
    w.settle();
    const message =
      "0/4 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable, 2 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: 2 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.";
    expect(conditionOf(pod(w, "a"), "PodScheduled")?.message).toBe(message);
    expect(w.events("Pod/a")).toEqual([`Warning FailedScheduling ${message}`]);
  });

  test.each([
    [
      "more than any node has",
      requests("16", "64Gi"),
      "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory.",
    ],
    [
      "a label nobody has",
      { nodeSelector: { disk: "ssd" } },
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
    ],
    [
      "company nobody keeps",
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" },
            ],
          },
        },
      },
      "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
    ],
  ])("%s", (_what, spec, message) => {
    const w = nodes("w1", "w2");
    w.api.create(podNamed("a", spec));
    w.settle();
    expect(refusal(w, "a")).toBe(message);
  });

  test("host ports", () => {
    const w = nodes("w1");
    const spec = () => ({
      containers: [{ name: "web", image: "nginx", ports: [{ containerPort: 80, hostPort: 80 }] }],
    });
    w.api.create(podNamed("a", spec()));
    w.api.create(podNamed("b", spec()));
    w.settle();
    expect(pod(w, "a").spec.nodeName).toBe("w1");
    expect(refusal(w, "b")).toBe(
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    );
    w.api.delete(pod(w, "a"), { gracePeriodSeconds: 0 });
    w.pass(2);
    expect(pod(w, "b").spec.nodeName).toBe("w1");
  });

  test("anti-affinity, of the pod and of those that are there", () => {
    const w = nodes("w1", "w2");
    const apart = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" },
          ],
        },
      },
    };
    for (const name of ["a", "b", "c"]) w.api.create(podNamed(name, apart, { labels: { app: "db" } }));
    w.settle();
    expect([pod(w, "a"), pod(w, "b")].map(({ spec }) => spec.nodeName).sort()).toEqual(["w1", "w2"]);
    expect(refusal(w, "c")).toBe("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.");
    w.api.create(podNamed("d", {}, { labels: { app: "db" } }));
    w.settle();
    expect(refusal(w, "d")).toBe(
      "0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules.",
    );
  });

  test("a pod that wants company goes where it is, and is tried again when it comes", () => {
    const w = nodes("w1", "w2");
    const near = {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" },
          ],
        },
      },
    };
    w.api.create(podNamed("a", near));
    w.pass(5);
    expect(pod(w, "a").spec.nodeName).toBeUndefined();
    w.api.create(podNamed("db", { nodeSelector: { "kubernetes.io/hostname": "w2" } }, { labels: { app: "db" } }));
    w.settle();
    expect(pod(w, "a").spec.nodeName).toBe("w2");
  });

  test("tolerations, preferred affinity, and an even spread of pods that ask for nothing", () => {
    const w = nodes("w1", "w2");
    taint(w, "w2", [{ key: "gpu", value: "yes", effect: "NoSchedule" }]);
    w.api.create(podNamed("plain"));
    w.api.create(
      podNamed("gpu", {
        tolerations: [{ key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" }],
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["w2"] }] },
              },
            ],
          },
        },
      }),
    );
    w.settle();
    expect([pod(w, "plain").spec.nodeName, pod(w, "gpu").spec.nodeName]).toEqual(["w1", "w2"]);
    const even = nodes("n1", "n2", "n3");
    even.api.create(workload("ReplicaSet", "web", { replicas: 9 }));
    even.settle();
    const counts = ["n1", "n2", "n3"].map((name) => even.api.indexed("pods", "node", name).length);
    expect(counts).toEqual([3, 3, 3]);
  });

  test("finished pods leave room; a waiting pod keeps its condition until something changes", () => {
    const w = nodes("w1");
    w.api.create(podNamed("a", requests("1500m")));
    w.settle();
    w.api.create(podNamed("b", requests("1500m")));
    w.pass(1);
    const { revision } = w.store;
    w.pass(30);
    expect(w.store.revision).toBe(revision);
    reportPod(w, pod(w, "a"), "Succeeded");
    w.pass(15);
    expect(pod(w, "b").spec.nodeName).toBe("w1");
  });

  test("the pods of a daemon set look at their own node only", () => {
    const w = nodes("w1", "w2", "w3");
    const object = workload("DaemonSet", "agent", {});
    (object.spec as { template: { spec: Pod["spec"] } }).template.spec = requests("1500m") as Pod["spec"];
    w.api.create(podNamed("filler", { ...requests("1500m"), nodeSelector: { "kubernetes.io/hostname": "w2" } }));
    w.settle();
    w.api.create(object);
    w.settle();
    const pods = w.api.list<Pod>("pods", "default").filter(({ metadata }) => metadata.name !== "filler");
    expect(pods.map(({ spec }) => spec.nodeName ?? "-").sort()).toEqual(["-", "w1", "w3"]);
    const waiting = pods.find(({ spec }) => !spec.nodeName) as Pod;
    expect(refusal(w, waiting.metadata.name)).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    );
  });

  test("higher priority first; gates and other schedulers' pods are left alone", () => {
    const w = world({ only, scheduler: true });
    w.api.create({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 1000,
    } as KubeObject);
    w.api.create(podNamed("low", requests("1500m")));
    w.api.create(podNamed("high", { ...requests("1500m"), priorityClassName: "high" }));
    w.api.create(podNamed("gated", { schedulingGates: [{ name: "example.com/wait" }] }));
    w.api.create(podNamed("foreign", { schedulerName: "other" }));
    addNode(w, "w1");
    w.pass(15);
    expect(["low", "high", "gated", "foreign"].map((name) => pod(w, name).spec.nodeName)).toEqual([
      undefined,
      "w1",
      undefined,
      undefined,
    ]);
    expect(w.events("Pod/gated")).toEqual([]);
    w.api.delete(pod(w, "high"), { gracePeriodSeconds: 0 });
    w.api.modify<Pod>(pod(w, "gated"), ({ spec: { schedulingGates: _, ...spec }, ...p }) => ({ ...p, spec }) as Pod);
    w.pass(15);
    expect(pod(w, "gated").spec.nodeName).toBe("w1");
  });
});
