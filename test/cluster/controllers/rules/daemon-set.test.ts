import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { FailedPods } from "../../../../src/cluster/controllers/daemon-set/failed-pods.ts";
import type { Node } from "../../../../src/kinds/types/core.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import type { DaemonSet } from "../../../../src/kinds/types/workload.ts";
import { addNode, playKubelets, reportPod, template, type World, workload, world } from "../setup.ts";

const only = ["daemonset-controller", "garbage-collector-controller"];
const pods = (w: World) => w.api.list<Pod>("pods", "default");
const alive = (w: World) => pods(w).filter(({ metadata }) => !metadata.deletionTimestamp);
const get = (w: World) => w.api.get<DaemonSet>("daemonsets.apps", "default", "agent") as DaemonSet;
const target = (pod: Pod) =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
    ?.matchFields?.[0]?.values?.[0];
const setSpec = (w: World, name: string, spec: Node["spec"]) =>
  w.api.modify<Node>(w.api.get<Node>("nodes", undefined, name) as Node, (node) => ({ ...node, spec }));
const setImage = (w: World, image: string) =>
  w.api.modify<DaemonSet>(get(w), (ds) => ({
    ...ds,
    spec: { ...ds.spec, template: { ...ds.spec.template, spec: { containers: [{ name: "web", image }] } } },
  }));

function started(nodes: readonly string[], spec: Record<string, unknown> = {}, starts?: (pod: Pod) => boolean): World {
  const w = world({ only });
  if (starts) playKubelets(w, 1, starts);
  for (const name of nodes) {
    addNode(w, name);
    setSpec(w, name, {});
  }
  w.api.create(workload("DaemonSet", "agent", spec));
  w.pass(5);
  return w;
}

describe("daemon sets, by the source of pkg/controller/daemon (1.35)", () => {
  test("failed pods are replaced ever later (daemon_controller.go failedPodsBackoff)", () => {
    const w = started(["w1"]);
    const began = w.clock.now;
    const replaced: number[] = [];
    let failing = "";
    for (let step = 0; step < 400; step++) {
      const [pod] = alive(w);
      if (pod && pod.metadata.name !== failing) {
        replaced.push(Math.round((w.clock.now - began) / SECOND / 0.1) / 10);
        failing = pod.metadata.name;
        reportPod(w, pod, "Failed");
      }
      w.pass(0.1);
    }
    // The wait counts from the last replacement, and a look that comes too early waits for all of it once more.
    expect(replaced.length).toBe(7);
    const gaps = replaced.slice(1).map((at, i) => at - (replaced[i] ?? 0));
    expect(gaps.map(Math.round)).toEqual([0, 1, 2, 4, 8, 16]);
  });

  test("the wait ends with a new generation, grows to 15 min and is forgotten after 30", () => {
    const failures = new FailedPods();
    const at = (seconds: number) => seconds * SECOND;
    expect(failures.of(1).waitOn("w1", 0)).toBeUndefined();
    failures.note("w1", 0);
    expect(failures.waitOn("w1", at(0.5))).toBe(SECOND);
    expect(failures.waitOn("w1", at(1))).toBeUndefined();
    expect(failures.waitOn("w2", at(0.5))).toBeUndefined();
    expect(failures.of(2).waitOn("w1", at(0.5))).toBeUndefined();
    for (let i = 0; i < 20; i++) failures.note("w1", at(10));
    expect(failures.waitOn("w1", at(11))).toBe(at(900));
    expect(failures.waitOn("w1", at(910))).toBeUndefined();
    failures.note("w1", at(10 + 1801));
    expect(failures.waitOn("w1", at(1811.5))).toBe(SECOND);
  });

  test("with a surge an old pod that no longer serves gives way (podsShouldBeOnNode)", () => {
    const surge = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
    const w = started(["w1"], surge, (pod) => pod.spec.containers[0]?.image === "nginx:1.27");
    const [old] = alive(w) as [Pod];
    setImage(w, "nginx:broken");
    w.pass(5);
    expect(alive(w)).toHaveLength(2);
    reportPod(w, old, "Running", false);
    w.settle();
    expect(alive(w).map(({ spec }) => spec.containers[0]?.image)).toEqual(["nginx:broken"]);
  });

  test("with a surge a pod that is ending has its successor at once (podsShouldBeOnNode)", () => {
    const surge = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
    for (const [spec, count] of [
      [surge, 1],
      [{}, 0],
    ] as const) {
      const { metadata, spec: of } = template({ app: "agent" });
      const held = { metadata: { ...metadata, finalizers: ["example.com/hold"] }, spec: of };
      const w = started(["w1"], { ...spec, template: held });
      w.api.delete((alive(w) as [Pod])[0]);
      w.settle();
      expect(alive(w)).toHaveLength(count);
    }
  });

  test("a rolling update also takes pods from where none belongs any more (updatedDesiredNodeCounts)", () => {
    const w = started(["w1", "w2"], {}, () => true);
    setSpec(w, "w2", { taints: [{ key: "dedicated", value: "x", effect: "NoSchedule" }] });
    w.settle();
    expect(alive(w)).toHaveLength(2);
    setImage(w, "nginx:1.28");
    w.pass(30);
    expect(alive(w).map(target)).toEqual(["w1"]);
    expect(get(w).status).toMatchObject({
      desiredNumberScheduled: 1,
      updatedNumberScheduled: 1,
      numberMisscheduled: 0,
    });
  });
});
