import { describe, expect, test } from "vitest";
import type { KubeObject, OwnerReference } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { Deployment, ReplicaSet } from "../../../src/kinds/types/workload.ts";
import { names, playKubelets, type World, workload, world } from "./setup.ts";

const only = ["deployment-controller", "replicaset-controller", "garbage-collector-controller"];

function configMap(name: string, owners: OwnerReference[] = []): KubeObject {
  const metadata = { name, namespace: "default", ...(owners.length > 0 ? { ownerReferences: owners } : {}) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

function ref(owner: KubeObject, more: Partial<OwnerReference> = {}): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", ...more };
}

function deployed(): World {
  const w = world({ only });
  playKubelets(w, 2);
  w.api.create(workload("Deployment", "web", { replicas: 2 }));
  w.pass(10);
  return w;
}

const deployment = (w: World) => w.api.get<Deployment>("deployments.apps", "default", "web");
const sets = (w: World) => w.api.list<ReplicaSet>("replicasets.apps", "default");
const pods = (w: World) => w.api.list<Pod>("pods", "default");

describe("garbage collector", () => {
  test("background: the owner goes at once, what it owned follows", () => {
    const w = deployed();
    w.api.delete(deployment(w) as Deployment, { propagationPolicy: "Background" });
    expect(deployment(w)).toBeUndefined();
    expect(sets(w)).toHaveLength(1);
    w.settle();
    expect(sets(w)).toHaveLength(0);
    w.pass(10);
    expect(pods(w)).toHaveLength(0);
  });

  test("foreground: the owner stays until the last pod is gone", () => {
    const w = deployed();
    const place = (pod: Pod) =>
      w.api.createAt("pods", "default", pod.metadata.name, "binding", { target: { kind: "Node", name: "w1" } });
    for (const pod of pods(w)) place(pod);
    w.settle();
    w.api.delete(deployment(w) as Deployment, { propagationPolicy: "Foreground" });
    w.settle();
    expect(deployment(w)?.metadata.finalizers).toEqual(["foregroundDeletion"]);
    expect(sets(w)[0]?.metadata.finalizers).toEqual(["foregroundDeletion"]);
    expect(pods(w).map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, true]);
    w.pass(1);
    expect(deployment(w)).toBeDefined();
    w.pass(2);
    expect(pods(w)).toHaveLength(0);
    expect(sets(w)).toHaveLength(0);
    expect(deployment(w)).toBeUndefined();
  });

  test("orphan: what it owned stays, and may be adopted again", () => {
    const w = deployed();
    const before = names(pods(w));
    w.api.delete(deployment(w) as Deployment, { propagationPolicy: "Orphan" });
    w.settle();
    expect(deployment(w)).toBeUndefined();
    expect(sets(w)[0]?.metadata.ownerReferences).toBeUndefined();
    w.api.create(workload("Deployment", "web", { replicas: 2 }));
    w.pass(5);
    expect(sets(w)).toHaveLength(1);
    expect(sets(w)[0]?.metadata.ownerReferences?.[0]?.uid).toBe(deployment(w)?.metadata.uid);
    expect(names(pods(w))).toEqual(before);
  });

  test("an owner that does not exist: the object goes; another of the same name does not count", () => {
    const w = world({ only });
    const owner = w.api.create(configMap("owner"));
    w.api.create(configMap("child", [{ ...ref(owner), uid: "00000000-0000-4000-8000-000000000000" }]));
    w.settle();
    expect(names(w.api.list("configmaps", "default"))).toEqual(["owner"]);
  });

  test("one of two owners is left: only the reference to the other goes", () => {
    const w = world({ only });
    const [a, b] = [w.api.create(configMap("a")), w.api.create(configMap("b"))];
    w.api.create(configMap("child", [ref(a), ref(b)]));
    w.settle();
    w.api.delete(a);
    w.settle();
    expect(w.api.get("configmaps", "default", "child")?.metadata.ownerReferences).toEqual([ref(b)]);
    w.api.delete(b);
    w.settle();
    expect(w.api.list("configmaps", "default")).toHaveLength(0);
  });

  test("foreground does not wait for dependents that do not block", () => {
    const w = world({ only });
    const owner = w.api.create(configMap("owner"));
    w.api.create({
      ...configMap("held", [ref(owner)]),
      metadata: { name: "held", namespace: "default", ownerReferences: [ref(owner)], finalizers: ["example.com/hold"] },
    });
    w.api.create({
      ...configMap("blocks"),
      metadata: {
        name: "blocks",
        namespace: "default",
        ownerReferences: [ref(owner, { blockOwnerDeletion: true })],
        finalizers: ["example.com/hold"],
      },
    });
    w.api.delete(owner, { propagationPolicy: "Foreground" });
    w.settle();
    expect(names(w.api.list("configmaps", "default"))).toEqual(["blocks", "held", "owner"]);
    const blocks = w.api.get("configmaps", "default", "blocks") as KubeObject;
    w.api.modify(blocks, ({ metadata: { finalizers: _, ...metadata }, ...o }) => ({ ...o, metadata }) as KubeObject);
    w.settle();
    expect(names(w.api.list("configmaps", "default"))).toEqual(["held"]);
  });

  test("chains fall as a whole", () => {
    const w = world({ only });
    let last = w.api.create(configMap("c0"));
    for (let i = 1; i < 20; i++) last = w.api.create(configMap(`c${i}`, [ref(last, { controller: i % 2 === 0 })]));
    w.settle();
    w.api.delete(w.api.get("configmaps", "default", "c0") as KubeObject);
    w.settle();
    expect(w.api.list("configmaps", "default")).toHaveLength(0);
  });

  test("owners that own each other do not wait for each other", () => {
    const w = world({ only });
    const a = w.api.create(configMap("a"));
    const b = w.api.create(configMap("b", [ref(a, { blockOwnerDeletion: true })]));
    const ownerReferences = [ref(b, { blockOwnerDeletion: true })];
    w.api.modify(a, (now) => ({ ...now, metadata: { ...now.metadata, ownerReferences } }));
    w.settle();
    w.api.delete(a, { propagationPolicy: "Foreground" });
    w.settle();
    expect(w.api.list("configmaps", "default")).toHaveLength(0);
  });

  test("an owner in another namespace is none: the object goes, and an event says why", () => {
    const w = world({ only });
    const owner = w.api.create(configMap("owner"));
    const uid = owner.metadata.uid;
    w.api.create({
      ...configMap("child"),
      metadata: { name: "child", namespace: "kube-node-lease", ownerReferences: [ref(owner)] },
    });
    w.settle();
    expect(w.api.get("configmaps", "kube-node-lease", "child")).toBeUndefined();
    expect(w.events("ConfigMap/child")).toEqual([
      `Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: kube-node-lease, name: owner, uid: ${uid}] does not exist in namespace "kube-node-lease"`,
    ]);
  });

  test("an object of the cluster whose owner is in a namespace stays, with an event", () => {
    const w = world({ only });
    const owner = w.api.create(configMap("owner"));
    const classOf = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", value: 1 };
    w.api.create({ ...classOf, metadata: { name: "child", ownerReferences: [ref(owner)] } } as KubeObject);
    w.api.delete(owner);
    w.pass(60);
    expect(w.api.get("priorityclasses.scheduling.k8s.io", undefined, "child")).toBeDefined();
    expect(w.events("PriorityClass/child")[0]).toContain(
      "Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: ,",
    );
  });
});
