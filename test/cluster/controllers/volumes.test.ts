import { describe, expect, test } from "vitest";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { addNode, podNamed, type World, world } from "./setup.ts";

type ClaimSpec = Partial<PersistentVolumeClaim["spec"]> & { storage?: string };
type VolumeSpec = Partial<PersistentVolume["spec"]> & { storage?: string };

function claim(w: World, name: string, { storage = "1Gi", ...spec }: ClaimSpec = {}): PersistentVolumeClaim {
  const own = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, storageClassName: "", ...spec };
  return w.api.create<PersistentVolumeClaim>({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: own,
  });
}

function volume(
  w: World,
  name: string,
  { storage = "1Gi", ...spec }: VolumeSpec = {},
  labels?: Record<string, string>,
): PersistentVolume {
  const own = { accessModes: ["ReadWriteOnce"], capacity: { storage }, hostPath: { path: "/mnt/data" }, ...spec };
  return w.api.create<PersistentVolume>({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, ...(labels ? { labels } : {}) },
    spec: own,
  });
}

function storageClass(w: World, name: string, more: Partial<StorageClass> = {}, isDefault = false): void {
  const annotations = isDefault ? { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } : {};
  w.api.create<StorageClass>({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, ...annotations },
    provisioner: "rancher.io/local-path",
    ...more,
  });
}

const pvc = (w: World, name: string) =>
  w.api.get<PersistentVolumeClaim>("persistentvolumeclaims", "default", name) as PersistentVolumeClaim;
const pv = (w: World, name: string) =>
  w.api.get<PersistentVolume>("persistentvolumes", undefined, name) as PersistentVolume;
const phases = (w: World) => [
  ...w.api
    .list<PersistentVolumeClaim>("persistentvolumeclaims")
    .map(({ metadata, spec, status }) => `${metadata.name} ${status?.phase} ${spec.volumeName ?? "-"}`),
  ...w.api
    .list<PersistentVolume>("persistentvolumes")
    .map(({ metadata, status }) => `${metadata.name} ${status?.phase}`),
];

describe("volumes and claims", () => {
  test("a claim takes the smallest volume that fits, in every way", () => {
    const w = world();
    volume(w, "big", { storage: "10Gi" });
    volume(w, "small", { storage: "2Gi" });
    volume(w, "tiny", { storage: "500Mi" });
    volume(w, "other-class", { storageClassName: "fast" });
    volume(w, "other-mode", { accessModes: ["ReadOnlyMany"] });
    volume(w, "block", { volumeMode: "Block" });
    w.settle();
    expect(phases(w).every((line) => line.endsWith("Available"))).toBe(true);
    claim(w, "data");
    w.settle();
    expect(pvc(w, "data")).toMatchObject({
      metadata: {
        annotations: { "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes" },
      },
      spec: { volumeName: "small" },
      status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" } },
    });
    expect(pv(w, "small")).toMatchObject({
      metadata: { annotations: { "pv.kubernetes.io/bound-by-controller": "yes" } },
      spec: {
        claimRef: {
          kind: "PersistentVolumeClaim",
          apiVersion: "v1",
          namespace: "default",
          name: "data",
          uid: pvc(w, "data").metadata.uid,
        },
      },
      status: { phase: "Bound" },
    });
    const { revision } = w.store;
    w.pass(3600);
    expect(w.store.revision).toBe(revision);
  });

  test("a claim waits until a volume comes; selectors, and volumes asked for by name", () => {
    const w = world();
    claim(w, "gold", { selector: { matchLabels: { tier: "gold" } } });
    claim(w, "named", { volumeName: "mine" });
    w.settle();
    expect(w.events("PersistentVolumeClaim/gold")).toEqual([
      "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
    ]);
    volume(w, "plain");
    volume(w, "mine", { storage: "100Mi" });
    w.settle();
    expect(phases(w)).toEqual(["gold Pending -", "named Pending mine", "mine Available", "plain Available"]);
    expect(w.events("PersistentVolumeClaim/named")).toEqual([
      'Warning VolumeMismatch Cannot bind to requested volume "mine": requested PV is too small',
    ]);
    volume(w, "shiny", {}, { tier: "gold" });
    w.settle();
    expect(phases(w)).toContain("gold Bound shiny");
  });

  test("a volume promised to a claim is for nobody else", () => {
    const w = world();
    volume(w, "kept", { claimRef: { namespace: "default", name: "heir" } });
    claim(w, "first");
    w.settle();
    expect(phases(w)).toEqual(["first Pending -", "kept Available"]);
    claim(w, "heir");
    w.settle();
    expect(phases(w)).toEqual(["first Pending -", "heir Bound kept", "kept Bound"]);
    expect(pv(w, "kept").metadata.annotations).toBeUndefined();
  });

  test("Retain: released when its claim goes, and free again when claimRef is taken out", () => {
    const w = world();
    volume(w, "data");
    claim(w, "one");
    w.settle();
    w.api.delete(pvc(w, "one"));
    w.settle();
    expect(phases(w)).toEqual(["data Released"]);
    claim(w, "two");
    w.settle();
    expect(phases(w)).toEqual(["two Pending -", "data Released"]);
    w.api.modify<PersistentVolume>(
      pv(w, "data"),
      ({ spec: { claimRef: _, ...spec }, ...now }) => ({ ...now, spec }) as PersistentVolume,
    );
    w.settle();
    expect(phases(w)).toEqual(["two Bound data", "data Bound"]);
  });

  test("Delete without a plugin that could: Failed, and it says why", () => {
    const w = world();
    volume(w, "data", { persistentVolumeReclaimPolicy: "Delete" });
    volume(w, "scratch", {
      persistentVolumeReclaimPolicy: "Delete",
      hostPath: { path: "/tmp/scratch" },
      storageClassName: "s",
    });
    claim(w, "one");
    claim(w, "two", { storageClassName: "s" });
    w.settle();
    w.api.delete(pvc(w, "one"));
    w.api.delete(pvc(w, "two"));
    w.settle();
    expect(phases(w)).toEqual(["data Failed"]);
    const message = "host_path deleter only supports /tmp/.+ but received provided /mnt/data";
    expect(pv(w, "data").status).toMatchObject({ phase: "Failed", message });
    expect(w.events("PersistentVolume/data")).toEqual([`Warning VolumeFailedDelete ${message}`]);
  });

  test("a bound claim whose volume is gone is lost", () => {
    const w = world();
    volume(w, "data");
    claim(w, "one");
    w.settle();
    w.api.delete(pv(w, "data"));
    w.settle();
    expect(pv(w, "data").metadata.deletionTimestamp).toBeDefined();
    w.api.modify<KubeObject>(pv(w, "data"), (now) => ({ ...now, metadata: { ...now.metadata, finalizers: [] } }));
    w.settle();
    expect(phases(w)).toEqual(["one Lost data"]);
    expect(w.events("PersistentVolumeClaim/one")).toContain(
      "Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!",
    );
  });

  test("classes: unknown, with an external provisioner, waiting for a consumer, without a provisioner", () => {
    const w = world();
    storageClass(w, "now");
    storageClass(w, "later", { volumeBindingMode: "WaitForFirstConsumer" });
    storageClass(w, "manual", { provisioner: "kubernetes.io/no-provisioner" });
    for (const name of ["absent", "now", "later", "manual"]) claim(w, name, { storageClassName: name });
    w.settle();
    expect(w.events("PersistentVolumeClaim/absent")).toEqual([
      'Warning ProvisioningFailed storageclass.storage.k8s.io "absent" not found',
    ]);
    expect(w.events("PersistentVolumeClaim/now")).toEqual([
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ]);
    expect(pvc(w, "now").metadata.annotations).toEqual({
      "volume.beta.kubernetes.io/storage-provisioner": "rancher.io/local-path",
      "volume.kubernetes.io/storage-provisioner": "rancher.io/local-path",
    });
    expect(w.events("PersistentVolumeClaim/later")).toEqual([
      "Normal WaitForFirstConsumer waiting for first consumer to be created before binding",
    ]);
    expect(pvc(w, "later").metadata.annotations).toBeUndefined();
    expect(w.events("PersistentVolumeClaim/manual")).toEqual([
      "Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner",
    ]);
    expect(w.events("PersistentVolumeClaim/absent")).toHaveLength(1);
  });

  test("a claim that names no class gets the default one when that comes", () => {
    const w = world();
    const made = claim(w, "data");
    w.api.delete(made);
    w.settle();
    w.api.create({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    w.settle();
    expect(pvc(w, "data").spec.storageClassName).toBeUndefined();
    storageClass(w, "standard", {}, true);
    w.settle();
    expect(pvc(w, "data").spec.storageClassName).toBe("standard");
  });

  test("claims and volumes in use outlive their deletion", () => {
    const w = world();
    addNode(w, "w1");
    volume(w, "data");
    claim(w, "one");
    w.settle();
    const pod = w.api.create(
      podNamed("user", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "one" } }] }),
    );
    w.api.createAt("pods", "default", "user", "binding", { target: { kind: "Node", name: "w1" } });
    w.api.delete(pvc(w, "one"));
    w.api.delete(pv(w, "data"));
    w.settle();
    expect(pvc(w, "one").metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
    expect(pv(w, "data").metadata.finalizers).toEqual(["kubernetes.io/pv-protection"]);
    w.api.delete(pod, { gracePeriodSeconds: 0 });
    w.settle();
    expect(phases(w)).toEqual([]);
  });
});

describe("volumes and the scheduler", () => {
  const user = (name: string, claimName: string): Pod =>
    podNamed(name, { volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });
  const nodeOf = (w: World, name: string) => w.api.get<Pod>("pods", "default", name)?.spec.nodeName;
  const onNode = (name: string) => ({
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [name] }] }],
    },
  });
  const nodes = (): World => {
    const w = world({ scheduler: true });
    for (const name of ["w1", "w2"]) addNode(w, name);
    return w;
  };

  test("unbound immediate claims and missing claims keep a pod waiting", () => {
    const w = nodes();
    w.api.create(user("a", "data"));
    w.pass(1);
    const after =
      "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
    expect(w.events("Pod/a")).toEqual([
      `Warning FailedScheduling 0/2 nodes are available: persistentvolumeclaim "data" not found. ${after}`,
    ]);
    claim(w, "data");
    w.pass(2);
    expect(w.events("Pod/a")).toContain(
      `Warning FailedScheduling 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. ${after}`,
    );
    volume(w, "vol", { nodeAffinity: onNode("w2") });
    w.pass(20);
    expect(nodeOf(w, "a")).toBe("w2");
  });

  test("WaitForFirstConsumer: the volume on the pod's node is bound", () => {
    const w = nodes();
    storageClass(w, "local", {
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    volume(w, "on-w1", { storageClassName: "local", storage: "5Gi", nodeAffinity: onNode("w1") });
    claim(w, "data", { storageClassName: "local" });
    w.pass(5);
    expect(phases(w)).toEqual(["data Pending -", "on-w1 Available"]);
    w.api.create(user("a", "data"));
    w.settle();
    expect(phases(w)).toEqual(["data Bound on-w1", "on-w1 Bound"]);
    expect(nodeOf(w, "a")).toBe("w1");
    claim(w, "more", { storageClassName: "local" });
    w.api.create(user("b", "more"));
    w.pass(1);
    expect(w.events("Pod/b")[0]).toContain(
      "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.",
    );
  });

  test("WaitForFirstConsumer: the provisioner is told the node, the pod waits for the volume", () => {
    const w = nodes();
    storageClass(w, "dynamic", { volumeBindingMode: "WaitForFirstConsumer" });
    claim(w, "data", { storageClassName: "dynamic" });
    w.api.create(user("a", "data"));
    w.settle();
    expect(nodeOf(w, "a")).toBeUndefined();
    const node = pvc(w, "data").metadata.annotations?.["volume.kubernetes.io/selected-node"] ?? "";
    expect(["w1", "w2"]).toContain(node);
    expect(w.events("PersistentVolumeClaim/data").at(-1)).toContain("ExternalProvisioning");
    const { uid = "" } = pvc(w, "data").metadata;
    volume(w, "made", {
      storageClassName: "dynamic",
      claimRef: { kind: "PersistentVolumeClaim", namespace: "default", name: "data", uid },
      nodeAffinity: onNode(node),
    });
    w.settle();
    expect(phases(w)).toEqual(["data Bound made", "made Bound"]);
    expect(nodeOf(w, "a")).toBe(node);
    expect(w.events("Pod/a")).toEqual([`Normal Scheduled Successfully assigned default/a to ${node}`]);
  });

  test("a bound volume elsewhere", () => {
    const w = nodes();
    volume(w, "vol", { nodeAffinity: onNode("w9") });
    claim(w, "data");
    w.settle();
    w.api.create(user("a", "data"));
    w.pass(1);
    expect(w.events("Pod/a")[0]).toContain(
      "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.",
    );
  });
});
