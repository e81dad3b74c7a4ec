import { describe, expect, test } from "vitest";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { ReplicaSet } from "../../../src/kinds/types/workload.ts";
import { names, podNamed, reportPod, type World, workload, world } from "./setup.ts";

const only = ["replicaset-controller"];
const get = (w: World) => w.api.get<ReplicaSet>("replicasets.apps", "default", "web") as ReplicaSet;
const pods = (w: World) => w.api.list<Pod>("pods", "default");
const alive = (w: World) => pods(w).filter(({ metadata }) => !metadata.deletionTimestamp);
const scale = (w: World, replicas: number) =>
  w.api.modify<ReplicaSet>(get(w), (rs) => ({ ...rs, spec: { ...rs.spec, replicas } }));
const place = (w: World, pod: Pod, node: string) =>
  w.api.createAt("pods", "default", pod.metadata.name, "binding", { target: { kind: "Node", name: node } });

function running(replicas: number): World {
  const w = world({ only });
  w.api.create(workload("ReplicaSet", "web", { replicas }));
  w.settle();
  return w;
}

describe("replica set", () => {
  test("creates pods of its template and says so", () => {
    const w = running(2);
    expect(pods(w)).toHaveLength(2);
    const [pod] = pods(w);
    expect(pod?.metadata).toMatchObject({
      generateName: "web-",
      labels: { app: "web" },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: get(w).metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(w.events("ReplicaSet/web").sort()).toEqual(
      names(pods(w))
        .map((name) => `Normal SuccessfulCreate Created pod: ${name}`)
        .sort(),
    );
    expect(get(w).status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
  });

  test("looking twice changes nothing", () => {
    const w = running(3);
    const { revision } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(revision);
  });

  test("replaces a pod that is deleted or has ended; a terminating one is counted apart", () => {
    const w = running(2);
    const [first, second] = pods(w) as [Pod, Pod];
    for (const pod of [first, second]) place(w, pod, "w1");
    w.settle();
    w.api.delete(first);
    w.settle();
    expect(pods(w)).toHaveLength(3);
    expect(get(w).status).toMatchObject({ replicas: 2, terminatingReplicas: 1 });
    w.api.delete(first, { gracePeriodSeconds: 0 });
    reportPod(w, second, "Failed");
    w.settle();
    expect(alive(w)).toHaveLength(3);
    expect(get(w).status).toMatchObject({ replicas: 2, terminatingReplicas: 0 });
  });

  test("adopts pods that fit, lets go of those that do not any more", () => {
    const w = world({ only });
    w.api.create(podNamed("stray", {}, { labels: { app: "web" } }));
    w.api.create(workload("ReplicaSet", "web", { replicas: 2 }));
    w.settle();
    expect(pods(w)).toHaveLength(2);
    const stray = () => w.api.get<Pod>("pods", "default", "stray") as Pod;
    expect(stray().metadata.ownerReferences?.[0]?.uid).toBe(get(w).metadata.uid);
    w.api.modify(stray(), (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: "debug" } } }));
    w.settle();
    expect(stray().metadata.ownerReferences).toBeUndefined();
    expect(pods(w)).toHaveLength(3);
    w.api.modify(stray(), (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: "web" } } }));
    w.settle();
    expect(alive(w)).toHaveLength(2);
  });

  test("gives up those pods first that are the least loss", () => {
    const w = running(6);
    const [unplaced, pending, unready, cheap, young, old] = pods(w) as [Pod, Pod, Pod, Pod, Pod, Pod];
    for (const [i, pod] of [pending, unready, cheap, young, old].entries()) place(w, pod, `w${i}`);
    reportPod(w, old, "Running");
    w.pass(100_000);
    reportPod(w, unready, "Running", false);
    w.api.modify(cheap, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { "controller.kubernetes.io/pod-deletion-cost": "-5" } },
    }));
    reportPod(w, cheap, "Running");
    reportPod(w, young, "Running");
    w.settle();
    const gone: string[] = [];
    for (let replicas = 5; replicas >= 0; replicas--) {
      const before = names(alive(w));
      scale(w, replicas);
      w.settle();
      const after = names(alive(w));
      gone.push(...before.filter((name) => !after.includes(name)));
    }
    expect(gone).toEqual(names([unplaced, pending, unready, cheap, young, old]));
  });

  test.each([
    ["of one Deployment's pods the one with the most neighbours goes", true],
    ["a ReplicaSet of nobody does not look at neighbours (getReplicaSetsWithSameController, 1.35)", false],
  ])("%s", (_name, owned) => {
    const w = running(3);
    if (owned)
      w.api.modify(w.api.list("replicasets.apps", "default")[0] as ReplicaSet, (rs) => ({
        ...rs,
        metadata: {
          ...rs.metadata,
          ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true }],
        },
      }));
    const [a, b, c] = pods(w) as [Pod, Pod, Pod];
    place(w, a, "w1");
    place(w, b, "w2");
    place(w, c, "w2");
    // Alone, the one that has served for a shorter time by an order of magnitude goes.
    for (const pod of [b, c]) reportPod(w, pod, "Running");
    w.pass(100_000);
    reportPod(w, a, "Running");
    scale(w, 2);
    w.settle();
    expect(names(alive(w)).includes(a.metadata.name)).toBe(owned);
    expect(alive(w)).toHaveLength(2);
  });

  test("what cannot be created is tried in small batches, and told once", () => {
    const w = world({ only });
    const object = workload("ReplicaSet", "web", { replicas: 50 });
    (object.spec as ReplicaSet["spec"]).template.spec.serviceAccountName = "nobody";
    w.api.create(object);
    w.settle();
    expect(w.events("ReplicaSet/web")).toHaveLength(1);
    expect(get(w).status?.conditions).toMatchObject([
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate" },
    ]);
  });

  test("more than a burst is made in several looks", () => {
    const w = running(1100);
    expect(pods(w)).toHaveLength(1100);
    scale(w, 0);
    w.settle();
    expect(pods(w)).toHaveLength(0);
  });
});
