import { describe, expect, test } from "vitest";
import { conditionOf, isPodReady } from "../../../src/kinds/labels.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { Deployment, ReplicaSet } from "../../../src/kinds/types/workload.ts";
import { playKubelets, type World, workload, world } from "./setup.ts";

const only = ["deployment-controller", "replicaset-controller", "garbage-collector-controller"];
const get = (w: World) => w.api.get<Deployment>("deployments.apps", "default", "web") as Deployment;
const sets = (w: World) => w.api.list<ReplicaSet>("replicasets.apps", "default");
const setImage = (w: World, image: string) =>
  w.api.modify<Deployment>(get(w), (d) => ({
    ...d,
    spec: { ...d.spec, template: { ...d.spec.template, spec: { containers: [{ name: "web", image }] } } },
  }));
const change = (w: World, spec: Partial<Deployment["spec"]>) =>
  w.api.modify<Deployment>(get(w), (d) => ({ ...d, spec: { ...d.spec, ...spec } }));
const byRevision = (w: World, revision: string) =>
  sets(w).find(
    ({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"] === revision,
  ) as ReplicaSet;

function rolledOut(spec: Record<string, unknown> = {}, seconds = 1): World {
  const w = world({ only });
  playKubelets(w, seconds);
  w.api.create(workload("Deployment", "web", { replicas: 3, ...spec }));
  w.pass(10);
  return w;
}

describe("deployment", () => {
  test("a first rollout: replica set, status, conditions, events", () => {
    const w = rolledOut();
    const object = get(w);
    const [rs] = sets(w);
    expect(sets(w)).toHaveLength(1);
    expect(rs?.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]+$/);
    const hash = rs?.metadata.labels?.["pod-template-hash"];
    expect(rs?.spec.selector.matchLabels).toEqual({ app: "web", "pod-template-hash": hash });
    expect(rs?.metadata.annotations).toEqual({
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
      "deployment.kubernetes.io/revision": "1",
    });
    expect(object.metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    const { conditions, ...status } = object.status ?? {};
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    });
    expect(conditions).toEqual([
      {
        type: "Available",
        status: "True",
        lastUpdateTime: "2026-01-02T03:04:06Z",
        lastTransitionTime: "2026-01-02T03:04:06Z",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      },
      {
        type: "Progressing",
        status: "True",
        lastUpdateTime: "2026-01-02T03:04:06Z",
        lastTransitionTime: "2026-01-02T03:04:05Z",
        reason: "NewReplicaSetAvailable",
        message: `ReplicaSet "${rs?.metadata.name}" has successfully progressed.`,
      },
    ]);
    expect(w.events("Deployment/web")).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set ${rs?.metadata.name} from 0 to 3`,
    ]);
  });

  test("once settled nothing is written any more", () => {
    const w = rolledOut();
    const { revision } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(revision);
    w.api.modify(get(w), (d) => ({ ...d, metadata: { ...d.metadata, labels: { touched: "yes" } } }));
    w.settle();
    expect(w.store.revision).toBe(revision + 1);
  });

  test.each([
    { replicas: 4, maxSurge: "25%", maxUnavailable: "25%", most: 5, least: 3 },
    { replicas: 10, maxSurge: "25%", maxUnavailable: "25%", most: 13, least: 8 },
    { replicas: 3, maxSurge: 1, maxUnavailable: 0, most: 4, least: 3 },
    { replicas: 3, maxSurge: 0, maxUnavailable: 1, most: 3, least: 2 },
    { replicas: 5, maxSurge: 0, maxUnavailable: "100%", most: 5, least: 0 },
    { replicas: 1, maxSurge: "0%", maxUnavailable: "10%", most: 1, least: 0 },
  ])("a rolling update of $replicas with $maxSurge / $maxUnavailable stays within its bounds", (c) => {
    const { replicas, maxSurge, maxUnavailable, most, least } = c;
    const w = rolledOut({ replicas, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } });
    let [highest, lowest] = [0, replicas];
    w.api.watch<Pod>("pods", () => {
      const there = w.api.list<Pod>("pods", "default").filter(({ metadata }) => !metadata.deletionTimestamp);
      highest = Math.max(highest, there.length);
      lowest = Math.min(lowest, there.filter(isPodReady).length);
    });
    setImage(w, "nginx:1.28");
    w.pass(60);
    expect(highest).toBe(most);
    expect(lowest).toBe(least);
    expect(get(w).status).toMatchObject({ replicas, updatedReplicas: replicas, availableReplicas: replicas });
    expect(
      sets(w)
        .map(({ spec }) => spec.replicas)
        .sort((a, b) => (a ?? 0) - (b ?? 0)),
    ).toEqual([0, replicas]);
    expect(get(w).metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("2");
  });

  test("a template seen before makes its replica set the newest revision", () => {
    const w = rolledOut();
    setImage(w, "nginx:1.28");
    w.pass(20);
    setImage(w, "nginx:1.27");
    w.pass(20);
    expect(sets(w)).toHaveLength(2);
    expect(byRevision(w, "3").metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
    expect(byRevision(w, "3").spec.replicas).toBe(3);
    expect(get(w).metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("3");
  });

  test("change-cause is handed on, last-applied-configuration is not", () => {
    const w = world({ only });
    const object = workload("Deployment", "web", {});
    const annotations = {
      "kubernetes.io/change-cause": "first",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    };
    w.api.create({ ...object, metadata: { ...object.metadata, annotations } });
    w.settle();
    expect(byRevision(w, "1").metadata.annotations).toEqual({
      "kubernetes.io/change-cause": "first",
      "deployment.kubernetes.io/desired-replicas": "1",
      "deployment.kubernetes.io/max-replicas": "2",
      "deployment.kubernetes.io/revision": "1",
    });
  });

  test("old replica sets beyond the limit go, the oldest revisions first", () => {
    const w = rolledOut({ revisionHistoryLimit: 1 });
    for (const tag of ["a", "b", "c"]) {
      setImage(w, `nginx:${tag}`);
      w.pass(20);
    }
    const kept = sets(w).map(({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"]);
    expect(kept.sort()).toEqual(["3", "4"]);
  });

  test("Recreate: no new pod before the last old one is gone", () => {
    const w = rolledOut({ strategy: { type: "Recreate" } }, 3);
    const old = byRevision(w, "1").metadata.uid;
    let mixed = 0;
    w.api.watch<Pod>("pods", () => {
      const owners = new Set(
        w.api.list<Pod>("pods", "default").map(({ metadata }) => metadata.ownerReferences?.[0]?.uid),
      );
      if (owners.has(old) && owners.size > 1) mixed++;
    });
    setImage(w, "nginx:1.28");
    w.pass(20);
    expect(mixed).toBe(0);
    expect(get(w).status).toMatchObject({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 });
  });

  test("paused: a new template waits, a new size does not", () => {
    const w = rolledOut();
    change(w, { paused: true });
    setImage(w, "nginx:1.28");
    change(w, { replicas: 5 });
    w.pass(10);
    expect(sets(w)).toHaveLength(1);
    expect(sets(w)[0]?.spec.replicas).toBe(5);
    expect(conditionOf(get(w), "Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    });
    change(w, { paused: false });
    w.settle();
    expect(sets(w)).toHaveLength(2);
    w.pass(20);
    expect(conditionOf(get(w), "Progressing")).toMatchObject({ status: "True", reason: "NewReplicaSetAvailable" });
  });

  test("scaled in the middle of a rollout, every replica set keeps its share", () => {
    const w = world({ only });
    playKubelets(w, 1, (pod) => !pod.spec.containers[0]?.image?.endsWith("broken"));
    const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 };
    w.api.create(workload("Deployment", "web", { replicas: 10, strategy: { type: "RollingUpdate", rollingUpdate } }));
    w.pass(10);
    setImage(w, "nginx:broken");
    w.pass(10);
    expect([byRevision(w, "1").spec.replicas, byRevision(w, "2").spec.replicas]).toEqual([8, 5]);
    // The example of the documentation (Deployments, proportional scaling).
    change(w, { replicas: 15 });
    w.pass(10);
    expect([byRevision(w, "1").spec.replicas, byRevision(w, "2").spec.replicas]).toEqual([11, 7]);
  });

  test("a rollout that does not move times out after progressDeadlineSeconds", () => {
    const w = world({ only });
    w.api.create(workload("Deployment", "web", { replicas: 1, progressDeadlineSeconds: 60 }));
    w.pass(50);
    expect(conditionOf(get(w), "Progressing")?.reason).toBe("ReplicaSetUpdated");
    expect(conditionOf(get(w), "Available")).toMatchObject({
      status: "False",
      reason: "MinimumReplicasUnavailable",
      message: "Deployment does not have minimum availability.",
    });
    w.pass(20);
    expect(conditionOf(get(w), "Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `ReplicaSet "${sets(w)[0]?.metadata.name}" has timed out progressing.`,
    });
  });

  test("pods that cannot be created are said of the deployment", () => {
    const w = world({ only });
    w.api.create({
      ...workload("Deployment", "web", { replicas: 2 }),
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { serviceAccountName: "nobody", containers: [{ name: "web", image: "nginx" }] },
        },
      },
    });
    w.pass(1);
    const message = `pods "${sets(w)[0]?.metadata.name}-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`;
    expect(conditionOf(sets(w)[0] as ReplicaSet, "ReplicaFailure")).toMatchObject({ reason: "FailedCreate", message });
    expect(conditionOf(get(w), "ReplicaFailure")).toMatchObject({ status: "True", reason: "FailedCreate", message });
    expect(w.events(`ReplicaSet/${sets(w)[0]?.metadata.name}`)).toEqual([
      `Warning FailedCreate Error creating: ${message}`,
    ]);
    w.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody", namespace: "default" } });
    w.pass(2000);
    expect(conditionOf(get(w), "ReplicaFailure")).toBeUndefined();
    expect(w.api.list("pods", "default")).toHaveLength(2);
  });

  test("minReadySeconds keeps pods from counting as available", () => {
    const w = world({ only });
    playKubelets(w);
    w.api.create(workload("Deployment", "web", { replicas: 2, minReadySeconds: 10 }));
    w.pass(10);
    expect(get(w).status).toMatchObject({ readyReplicas: 2, unavailableReplicas: 2 });
    w.pass(2);
    expect(get(w).status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
  });

  test("another's replica set has the name: the hash takes the collision count in", () => {
    const w = world({ only });
    w.api.create(workload("Deployment", "web", { paused: true }));
    w.settle();
    const twin = world({ only });
    twin.api.create(workload("Deployment", "web", {}));
    twin.settle();
    const taken = sets(twin)[0]?.metadata.name ?? "";
    w.api.create({
      ...workload("ReplicaSet", "other", { replicas: 0 }),
      metadata: { name: taken, namespace: "default" },
    });
    w.settle();
    change(w, { paused: false });
    w.settle();
    expect(get(w).status?.collisionCount).toBe(1);
    expect(sets(w)).toHaveLength(2);
  });
});
