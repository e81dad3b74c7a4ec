import { describe, expect, test } from "vitest";
import { isPodReady } from "../../../src/kinds/labels.ts";
import type { PersistentVolumeClaim } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { ControllerRevision, StatefulSet } from "../../../src/kinds/types/workload.ts";
import { names, playKubelets, podNamed, reportPod, template, type World, workload, world } from "./setup.ts";

const only = ["statefulset-controller"];
const get = (w: World) => w.api.get<StatefulSet>("statefulsets.apps", "default", "web") as StatefulSet;
const pods = (w: World) => w.api.list<Pod>("pods", "default");
const pod = (w: World, name: string) => w.api.get<Pod>("pods", "default", name) as Pod;
const claims = (w: World) => w.api.list<PersistentVolumeClaim>("persistentvolumeclaims", "default");
const revisions = (w: World) => w.api.list<ControllerRevision>("controllerrevisions.apps", "default");
const change = (w: World, spec: Partial<StatefulSet["spec"]>) =>
  w.api.modify<StatefulSet>(get(w), (set) => ({ ...set, spec: { ...set.spec, ...spec } }));
const setImage = (w: World, image: string) => change(w, { template: template({ app: "web" }, image) as never });
const images = (w: World) => pods(w).map(({ spec }) => spec.containers[0]?.image);

/** Pods are on a node soon, so that they take their time to end. */
function place(w: World): void {
  w.api.watch<Pod>("pods", ({ type, object: { metadata } }) => {
    if (type !== "ADDED") return;
    w.clock.after(0.1, () => {
      const now = w.api.get<Pod>("pods", "default", metadata.name);
      if (now && !now.spec.nodeName && now.metadata.uid === metadata.uid)
        w.api.createAt("pods", "default", metadata.name, "binding", { target: { kind: "Node", name: "w1" } });
    });
  });
}

function started(spec: Record<string, unknown> = {}, parts: Parameters<typeof world>[0] = { only }): World {
  const w = world(parts);
  place(w);
  playKubelets(w);
  w.api.create(workload("StatefulSet", "web", { replicas: 3, serviceName: "web", ...spec }));
  return w;
}

/** The most pods that were missing or not ready at one time, from now on. */
function watchMissing(w: World, replicas: number): () => number {
  let most = 0;
  w.api.watch<Pod>("pods", () => {
    const well = pods(w).filter((one) => isPodReady(one) && !one.metadata.deletionTimestamp);
    most = Math.max(most, replicas - well.length);
  });
  return () => most;
}

const storage = {
  volumeClaimTemplates: [
    {
      metadata: { name: "data", labels: { tier: "db" } },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ],
};

describe("stateful set", () => {
  test("creates its pods one after the other, each with its own name", () => {
    const w = started();
    w.settle();
    expect(names(pods(w))).toEqual(["web-0"]);
    w.pass(1);
    expect(names(pods(w))).toEqual(["web-0", "web-1"]);
    w.pass(5);
    expect(names(pods(w))).toEqual(["web-0", "web-1", "web-2"]);
    const [revision] = names(revisions(w));
    expect(pod(w, "web-1")).toMatchObject({
      metadata: {
        generateName: "web-",
        labels: {
          app: "web",
          "apps.kubernetes.io/pod-index": "1",
          "statefulset.kubernetes.io/pod-name": "web-1",
          "controller-revision-hash": revision,
        },
        ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name: "web", controller: true }],
      },
      spec: { hostname: "web-1", subdomain: "web" },
    });
    expect(get(w).status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    });
    expect(w.events("StatefulSet/web")).toEqual(
      [0, 1, 2].map((n) => `Normal SuccessfulCreate create Pod web-${n} in StatefulSet web successful`),
    );
  });

  test("looking twice changes nothing", () => {
    const w = started(storage);
    w.pass(30);
    const { revision } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(revision);
  });

  test("waits for a pod that does not become ready", () => {
    const w = world({ only });
    playKubelets(w, 1, ({ metadata }) => metadata.name !== "web-1");
    w.api.create(workload("StatefulSet", "web", { replicas: 3 }));
    w.pass(60);
    expect(names(pods(w))).toEqual(["web-0", "web-1"]);
    expect(get(w).status).toMatchObject({ replicas: 2, readyReplicas: 1, updatedReplicas: 2 });
  });

  test("Parallel creates and deletes all at once", () => {
    const w = started({ podManagementPolicy: "Parallel" });
    w.settle();
    expect(pods(w)).toHaveLength(3);
    w.pass(5);
    change(w, { replicas: 0 });
    w.settle();
    expect(pods(w).every(({ metadata }) => metadata.deletionTimestamp)).toBe(true);
  });

  test("gives up the highest number first, one after the other", () => {
    const w = started();
    w.pass(10);
    change(w, { replicas: 1 });
    w.settle();
    expect(pods(w).flatMap(({ metadata }) => (metadata.deletionTimestamp ? [metadata.name] : []))).toEqual(["web-2"]);
    w.pass(10);
    expect(names(pods(w))).toEqual(["web-0"]);
    expect(w.events("StatefulSet/web").slice(-2)).toEqual(
      [2, 1].map((n) => `Normal SuccessfulDelete delete Pod web-${n} in StatefulSet web successful`),
    );
  });

  test("numbers may begin elsewhere", () => {
    const w = started({ replicas: 2, ordinals: { start: 5 } });
    w.pass(10);
    expect(names(pods(w))).toEqual(["web-5", "web-6"]);
    change(w, { ordinals: { start: 6 } });
    w.pass(10);
    expect(names(pods(w))).toEqual(["web-6", "web-7"]);
  });

  test("makes a pod anew that was deleted or has ended", () => {
    const w = started();
    w.pass(10);
    const before = pod(w, "web-1").metadata.uid;
    w.api.delete(pod(w, "web-1"));
    w.pass(5);
    expect(pod(w, "web-1").metadata.uid).not.toBe(before);
    const ended = pod(w, "web-0");
    reportPod(w, ended, "Failed");
    w.pass(5);
    expect(pod(w, "web-0").metadata.uid).not.toBe(ended.metadata.uid);
    expect(get(w).status).toMatchObject({ readyReplicas: 3 });
  });

  test("adopts pods with its names only", () => {
    const w = world({ only });
    for (const name of ["web-0", "stray"]) w.api.create(podNamed(name, {}, { labels: { app: "web" } }));
    w.api.create(workload("StatefulSet", "web", { replicas: 1 }));
    w.settle();
    expect(pod(w, "web-0").metadata.ownerReferences?.[0]?.name).toBe("web");
    expect(pod(w, "stray").metadata.ownerReferences).toBeUndefined();
  });

  test("minReadySeconds holds up the next pod", () => {
    const w = started({ minReadySeconds: 10 });
    w.pass(9);
    expect(names(pods(w))).toEqual(["web-0"]);
    expect(get(w).status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
    w.pass(60);
    expect(get(w).status).toMatchObject({ availableReplicas: 3 });
  });
});

describe("updates of a stateful set", () => {
  const cases: readonly (readonly [string, object, number, number])[] = [
    ["one pod after the other", {}, 1, 4],
    ["as many as maxUnavailable says", { rollingUpdate: { maxUnavailable: 2 } }, 2, 4],
    ["a share rounded down, at least one", { rollingUpdate: { maxUnavailable: "20%" } }, 1, 4],
    ["from the partition on", { rollingUpdate: { partition: 3 } }, 1, 1],
  ];
  test.each(cases)("replace %s", (_name, strategy, missing, updated) => {
    const w = started({ replicas: 4, updateStrategy: { type: "RollingUpdate", ...strategy } });
    w.pass(20);
    const most = watchMissing(w, 4);
    setImage(w, "nginx:1.28");
    w.pass(60);
    expect(most()).toBe(missing);
    expect(get(w).status).toMatchObject({ updatedReplicas: updated, readyReplicas: 4 });
    expect(images(w).filter((image) => image === "nginx:1.28")).toHaveLength(updated);
    const { currentRevision, updateRevision } = get(w).status ?? {};
    expect(currentRevision === updateRevision).toBe(updated === 4);
  });

  test("below the partition a pod comes back as it was", () => {
    const w = started({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } });
    w.pass(10);
    setImage(w, "nginx:1.28");
    w.pass(20);
    w.api.delete(pod(w, "web-0"));
    w.pass(20);
    expect(images(w)).toEqual(["nginx:1.27", "nginx:1.27", "nginx:1.28"]);
  });

  test("OnDelete replaces nothing by itself", () => {
    const w = started({ updateStrategy: { type: "OnDelete" } });
    w.pass(10);
    setImage(w, "nginx:1.28");
    w.pass(20);
    expect(new Set(images(w))).toEqual(new Set(["nginx:1.27"]));
    w.api.delete(pod(w, "web-1"));
    w.pass(10);
    expect(images(w)).toEqual(["nginx:1.27", "nginx:1.28", "nginx:1.27"]);
  });

  test("keep revisions: an old one becomes the newest again, those beyond the limit go", () => {
    const w = started({ replicas: 1, revisionHistoryLimit: 1 });
    w.pass(5);
    for (const tag of ["1.28", "1.27"]) {
      setImage(w, `nginx:${tag}`);
      w.pass(10);
    }
    expect(
      revisions(w)
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([2, 3]);
    for (const tag of ["1.29", "1.30"]) {
      setImage(w, `nginx:${tag}`);
      w.pass(10);
    }
    expect(
      revisions(w)
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([4, 5]);
    expect(revisions(w)[0]?.metadata.labels).toMatchObject({
      app: "web",
      "controller.kubernetes.io/hash": expect.any(String),
    });
  });
});

describe("claims of a stateful set", () => {
  test("each pod has its own, which stays when the pod goes", () => {
    const w = started({ ...storage, replicas: 2 });
    w.pass(10);
    expect(names(claims(w))).toEqual(["data-web-0", "data-web-1"]);
    expect(claims(w)[0]?.metadata.labels).toEqual({ tier: "db", app: "web" });
    expect(pod(w, "web-1").spec.volumes?.[0]).toEqual({
      name: "data",
      persistentVolumeClaim: { claimName: "data-web-1" },
    });
    expect(w.events("StatefulSet/web")[0]).toBe(
      "Normal SuccessfulCreate create Claim data-web-0 Pod web-0 in StatefulSet web success",
    );
    change(w, { replicas: 0 });
    w.pass(30);
    expect(names(claims(w))).toEqual(["data-web-0", "data-web-1"]);
    expect(claims(w)[0]?.metadata.ownerReferences).toBeUndefined();
  });

  const policies = [
    ["Retain", "Retain", ["data-web-0", "data-web-1"], ["data-web-0", "data-web-1"]],
    ["Retain", "Delete", ["data-web-0"], ["data-web-0"]],
    ["Delete", "Retain", ["data-web-0", "data-web-1"], []],
    ["Delete", "Delete", ["data-web-0"], []],
  ] as const;
  test.each(policies)("whenDeleted %s, whenScaled %s", (whenDeleted, whenScaled, scaled, deleted) => {
    const parts = { only: [...only, "garbage-collector-controller"] };
    const policy = { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } };
    const w = started({ ...storage, ...policy, replicas: 2 }, parts);
    w.pass(10);
    change(w, { replicas: 1 });
    w.pass(20);
    expect(gone(claims(w))).toEqual(scaled);
    w.api.delete(get(w), { propagationPolicy: "Background" });
    w.pass(20);
    expect(gone(claims(w))).toEqual(deleted);
  });

  /** Those that are not being deleted: nothing lets go of a claim here. */
  function gone(all: readonly PersistentVolumeClaim[]): string[] {
    return names(all.filter(({ metadata }) => !metadata.deletionTimestamp));
  }
});
