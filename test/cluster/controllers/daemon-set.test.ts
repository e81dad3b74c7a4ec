import { describe, expect, test } from "vitest";
import type { Node } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { ControllerRevision, DaemonSet } from "../../../src/kinds/types/workload.ts";
import { addNode, names, playKubelets, reportPod, type World, workload, world } from "./setup.ts";

const only = ["daemonset-controller", "garbage-collector-controller"];
const get = (w: World) => w.api.get<DaemonSet>("daemonsets.apps", "default", "agent") as DaemonSet;
const pods = (w: World) => w.api.list<Pod>("pods", "default");
const revisions = (w: World) =>
  w.api.list<ControllerRevision>("controllerrevisions.apps", "default").toSorted((a, b) => a.revision - b.revision);
const target = (pod: Pod) =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
    ?.matchFields?.[0]?.values?.[0];
const setImage = (w: World, image: string) =>
  w.api.modify<DaemonSet>(get(w), (d) => ({
    ...d,
    spec: { ...d.spec, template: { ...d.spec.template, spec: { containers: [{ name: "web", image }] } } },
  }));
const ready = (w: World, name: string) =>
  w.api.modify<Node>(w.api.get<Node>("nodes", undefined, name) as Node, (n) => ({ ...n, spec: {} }));

function started(nodes: readonly string[], spec: Record<string, unknown> = {}): World {
  const w = world({ only });
  for (const name of nodes) {
    addNode(w, name);
    ready(w, name);
  }
  w.api.create(workload("DaemonSet", "agent", spec));
  w.settle();
  return w;
}

describe("daemon set", () => {
  test("one pod for every node, pinned to it, with the tolerations of daemons", () => {
    const w = started(["w1", "w2"]);
    expect(pods(w).map(target).sort()).toEqual(["w1", "w2"]);
    const [pod] = pods(w);
    const [revision] = revisions(w);
    expect(pod?.metadata.labels).toEqual({
      app: "agent",
      "controller-revision-hash": revision?.metadata.labels?.["controller-revision-hash"],
      "pod-template-generation": "1",
    });
    expect(pod?.spec.tolerations?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      "node.kubernetes.io/not-ready:NoExecute",
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/disk-pressure:NoSchedule",
      "node.kubernetes.io/memory-pressure:NoSchedule",
      "node.kubernetes.io/pid-pressure:NoSchedule",
      "node.kubernetes.io/unschedulable:NoSchedule",
    ]);
    expect(revision).toMatchObject({ revision: 1, data: { spec: { template: { $patch: "replace" } } } });
    expect(get(w).status).toEqual({
      currentNumberScheduled: 2,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 0,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
      numberUnavailable: 2,
    });
    for (const one of pods(w)) reportPod(w, one, "Running");
    w.settle();
    expect(get(w).status).toMatchObject({ numberReady: 2, numberAvailable: 2 });
    const { revision: written } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(written);
  });

  test("nodes come, are cordoned, tainted and labelled", () => {
    const w = started(["w1"]);
    addNode(w, "w2");
    expect(pods(w).map(target)).toEqual(["w1"]);
    ready(w, "w2");
    w.settle();
    expect(pods(w).map(target).sort()).toEqual(["w1", "w2"]);
    const spec = (name: string, value: Node["spec"]) =>
      w.api.modify<Node>(w.api.get<Node>("nodes", undefined, name) as Node, (n) => ({ ...n, spec: value }));
    spec("w2", { unschedulable: true, taints: [{ key: "dedicated", value: "x", effect: "NoSchedule" }] });
    w.settle();
    expect(pods(w)).toHaveLength(2);
    expect(get(w).status).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1 });
    spec("w2", { taints: [{ key: "dedicated", value: "x", effect: "NoExecute" }] });
    w.settle();
    expect(pods(w).map(target)).toEqual(["w1"]);
    expect(get(w).status).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
  });

  test("nodeSelector chooses the nodes", () => {
    const w = started(["w1", "w2"]);
    w.api.modify<DaemonSet>(get(w), (d) => ({
      ...d,
      spec: {
        ...d.spec,
        updateStrategy: { type: "OnDelete" },
        template: {
          ...d.spec.template,
          spec: { ...d.spec.template.spec, nodeSelector: { "kubernetes.io/hostname": "w2" } },
        },
      },
    }));
    w.settle();
    expect(pods(w).map(target)).toEqual(["w2"]);
  });

  test("a pod that failed is replaced", () => {
    const w = started(["w1"]);
    const [pod] = pods(w) as [Pod];
    reportPod(w, pod, "Failed");
    w.settle();
    expect(names(pods(w))).not.toContain(pod.metadata.name);
    expect(pods(w)).toHaveLength(1);
    expect(w.events("DaemonSet/agent")).toContain(
      `Warning FailedDaemonPod Found failed daemon pod default/${pod.metadata.name} on node w1, will try to kill it`,
    );
  });

  test("a rolling update takes one node at a time, and makes a revision", () => {
    const w = world({ only });
    for (const name of ["w1", "w2", "w3"]) {
      addNode(w, name);
      ready(w, name);
    }
    playKubelets(w);
    w.api.create(workload("DaemonSet", "agent", {}));
    w.pass(5);
    let least = 3;
    w.api.watch<Pod>("pods", () => {
      const up = pods(w).filter(
        ({ metadata, status }) =>
          !metadata.deletionTimestamp && status?.conditions?.some((c) => c.type === "Ready" && c.status === "True"),
      );
      least = Math.min(least, up.length);
    });
    setImage(w, "nginx:1.28");
    w.pass(30);
    expect(least).toBe(2);
    expect(get(w).status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
    expect(revisions(w).map(({ revision }) => revision)).toEqual([1, 2]);
    expect(get(w).metadata.annotations?.["deprecated.daemonset.template.generation"]).toBe("2");
    setImage(w, "nginx:1.27");
    w.pass(30);
    expect(revisions(w).map(({ revision }) => revision)).toEqual([2, 3]);
  });

  test("with a surge the new pod stands beside the old one until it is ready", () => {
    const w = world({ only });
    for (const name of ["w1", "w2"]) {
      addNode(w, name);
      ready(w, name);
    }
    playKubelets(w);
    w.api.create(
      workload("DaemonSet", "agent", {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
    );
    w.pass(5);
    let most = 0;
    w.api.watch<Pod>("pods", () => {
      most = Math.max(most, pods(w).filter(({ metadata }) => !metadata.deletionTimestamp).length);
    });
    setImage(w, "nginx:1.28");
    w.pass(30);
    expect(most).toBe(3);
    expect(pods(w)).toHaveLength(2);
    expect(pods(w).every(({ spec }) => spec.containers[0]?.image === "nginx:1.28")).toBe(true);
  });

  test("old revisions beyond the limit go", () => {
    const w = world({ only });
    addNode(w, "w1");
    ready(w, "w1");
    playKubelets(w);
    w.api.create(workload("DaemonSet", "agent", { revisionHistoryLimit: 1 }));
    for (const tag of ["a", "b", "c"]) {
      w.pass(10);
      setImage(w, `nginx:${tag}`);
    }
    w.pass(10);
    expect(revisions(w).map(({ revision }) => revision)).toEqual([3, 4]);
  });
});
