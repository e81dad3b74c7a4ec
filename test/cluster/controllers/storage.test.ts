import { describe, expect, test } from "vitest";
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { VolumeAttachment, VolumeAttributesClass } from "../../../src/kinds/types/storage.ts";
import { addNode, beat, podNamed, reportPod, type World, world } from "./setup.ts";

// Kubernetes 1.35: pkg/controller/volume/{attachdetach,ephemeral,expand,vacprotection,pvcprotection,persistentvolume}.

const attachments = (w: World) =>
  w.api
    .list<VolumeAttachment>("volumeattachments.storage.k8s.io")
    .map(({ spec }) => `${spec.source.persistentVolumeName} ${spec.nodeName}`);

function csiVolume(w: World, name: string, modes = ["ReadWriteOnce"], driver = "d.example.com"): void {
  w.api.create<PersistentVolume>({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: { accessModes: modes, capacity: { storage: "1Gi" }, csi: { driver, volumeHandle: `h-${name}` } },
  });
  w.api.create<PersistentVolumeClaim>({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: {
      accessModes: modes,
      resources: { requests: { storage: "1Gi" } },
      storageClassName: "",
      volumeName: name,
    },
  });
  w.settle();
}

function user(w: World, name: string, node: string, claim: string): Pod {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: claim } }];
  const made = w.api.create(podNamed(name, { nodeName: node, volumes }));
  w.settle();
  return made;
}

function attached(w: World): void {
  for (const one of w.api.list<VolumeAttachment>("volumeattachments.storage.k8s.io"))
    w.api.modify<VolumeAttachment>(one, (now) => ({ ...now, status: { attached: true } }), "status");
  w.settle();
}

function gone(w: World, pod: Pod): void {
  w.api.delete(pod, { gracePeriodSeconds: 0 });
  w.settle();
}

describe("attaching and detaching", () => {
  const start = (modes?: string[]) => {
    const w = world();
    for (const name of ["n1", "n2"]) addNode(w, name);
    csiVolume(w, "data", modes);
    return w;
  };

  test("a volume follows its pods, under the name that its driver knows", () => {
    const w = start();
    const pod = user(w, "a", "n1", "data");
    expect(attachments(w)).toEqual(["data n1"]);
    const [made] = w.api.list<VolumeAttachment>("volumeattachments.storage.k8s.io");
    expect(made?.metadata.name).toMatch(/^csi-[0-9a-f]{64}$/);
    expect(made?.spec.attacher).toBe("d.example.com");
    attached(w);
    expect(w.events("Pod/a")).toEqual([
      'Normal SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "data" ',
    ]);
    const shown = () => w.api.get<Node>("nodes", undefined, "n1")?.status?.volumesAttached;
    expect(shown()).toEqual([{ name: "kubernetes.io/csi/d.example.com^h-data", devicePath: "" }]);
    gone(w, pod);
    expect(attachments(w)).toEqual([]);
    w.settle();
    expect(shown()).toBeUndefined();
  });

  test("a second pod on the same node shares it; it stays until the last one is gone", () => {
    const w = start();
    const [a, b] = [user(w, "a", "n1", "data"), user(w, "b", "n1", "data")];
    gone(w, a);
    expect(attachments(w)).toEqual(["data n1"]);
    reportPod(w, b, "Succeeded");
    w.settle();
    expect(attachments(w)).toEqual([]);
  });

  test("ReadWriteOnce: not on two nodes; the other pod is named", () => {
    const w = start();
    const first = user(w, "a", "n1", "data");
    user(w, "b", "n2", "data");
    expect(attachments(w)).toEqual(["data n1"]);
    expect(w.events("Pod/b")).toEqual([
      'Warning FailedAttachVolume Multi-Attach error for volume "data" Volume is already used by pod(s) a',
    ]);
    gone(w, first);
    expect(attachments(w)).toEqual(["data n2"]);
  });

  test("ReadWriteMany: on as many as want it", () => {
    const w = start(["ReadWriteMany"]);
    user(w, "a", "n1", "data");
    user(w, "b", "n2", "data");
    expect(attachments(w).sort()).toEqual(["data n1", "data n2"]);
  });

  test("a driver that needs no attaching", () => {
    const w = start();
    w.api.create({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      metadata: { name: "d.example.com" },
      spec: { attachRequired: false },
    });
    user(w, "a", "n1", "data");
    expect(attachments(w)).toEqual([]);
  });

  test("what an attacher says is passed on", () => {
    const w = start();
    user(w, "a", "n1", "data");
    const [one] = w.api.list<VolumeAttachment>("volumeattachments.storage.k8s.io");
    if (one)
      w.api.modify<VolumeAttachment>(
        one,
        (now) => ({ ...now, status: { attached: false, attachError: { message: "no" } } }),
        "status",
      );
    w.settle();
    expect(w.events("Pod/a")).toEqual(['Warning FailedAttachVolume AttachVolume.Attach failed for volume "data" : no']);
  });

  test("a node that does not answer keeps it for six minutes, out of service not at all", () => {
    const w = start();
    const a = user(w, "a", "n1", "data");
    attached(w);
    beat(w, "n1", "Unknown");
    gone(w, a);
    user(w, "b", "n2", "data");
    expect(w.events("Pod/b")).toEqual([
      'Warning FailedAttachVolume Multi-Attach error for volume "data" Volume is already exclusively attached to one node and can\'t be attached to another',
    ]);
    for (let minute = 0; minute < 5; minute++) {
      w.pass(60);
      beat(w, "n1", "Unknown");
    }
    expect(attachments(w)).toEqual(["data n1"]);
    w.pass(65);
    expect(attachments(w)).toEqual(["data n2"]);

    const x = start();
    const c = user(x, "c", "n1", "data");
    beat(x, "n1", "Unknown");
    const node = x.api.get<Node>("nodes", undefined, "n1") as Node;
    const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" as const };
    x.api.modify<Node>(node, (now) => ({ ...now, spec: { ...now.spec, taints: [taint] } }));
    gone(x, c);
    expect(attachments(x)).toEqual([]);
  });
});

describe("ephemeral volumes", () => {
  const ephemeral = {
    volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
  };
  const wanting = (name: string) => podNamed(name, { volumes: [{ name: "v", ephemeral }] });

  test("the claim is named after pod and volume, and goes with the pod", () => {
    const w = world();
    const pod = w.api.create(wanting("p"));
    w.settle();
    expect(w.api.get("persistentvolumeclaims", "default", "p-v")?.metadata.ownerReferences).toEqual([
      { apiVersion: "v1", kind: "Pod", name: "p", uid: pod.metadata.uid, controller: true, blockOwnerDeletion: true },
    ]);
    gone(w, pod);
    w.pass(30);
    expect(w.api.get("persistentvolumeclaims", "default", "p-v")).toBeUndefined();
  });

  test("a claim of that name that is somebody else's", () => {
    const w = world();
    w.api.create<PersistentVolumeClaim>({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "p-v", namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    w.api.create(wanting("p"));
    w.settle();
    expect(w.events("Pod/p")).toEqual([
      "Warning FailedBinding ephemeral volume v: PVC default/p-v was not created for pod default/p (pod is not owner)",
    ]);
  });

  test("is kept while its pod is on a node", () => {
    const w = world();
    addNode(w, "n1");
    w.api.create(podNamed("p", { nodeName: "n1", volumes: [{ name: "v", ephemeral }] }));
    w.settle();
    const claim = w.api.get("persistentvolumeclaims", "default", "p-v");
    if (claim) w.api.delete(claim);
    w.settle();
    expect(w.api.get("persistentvolumeclaims", "default", "p-v")?.metadata.deletionTimestamp).toBeDefined();
  });
});

describe("classes", () => {
  const storageClass = (w: World, name: string, isDefault: boolean) =>
    w.api.create<StorageClass>({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name,
        annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) },
      },
      provisioner: "example.com/x",
    });
  const claim = (w: World, name: string) => {
    w.api.create<PersistentVolumeClaim>({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    w.settle();
    return () => w.api.get<PersistentVolumeClaim>("persistentvolumeclaims", "default", name)?.spec.storageClassName;
  };

  test("a claim from before there was a default class gets it later", () => {
    const w = world();
    const named = claim(w, "early");
    expect(named()).toBeUndefined();
    storageClass(w, "plain", false);
    w.settle();
    expect(named()).toBeUndefined();
    storageClass(w, "usual", true);
    w.settle();
    expect(named()).toBe("usual");
  });

  test("of several default classes the newest counts, and of equally old ones the first by name", () => {
    const w = world();
    storageClass(w, "old", true);
    w.pass(10);
    storageClass(w, "young-b", true);
    storageClass(w, "young-a", true);
    w.settle();
    expect(claim(w, "data")()).toBe("young-a");
  });
});

test("a class of attributes is kept while a claim names it", () => {
  const w = world();
  const name = "gold";
  w.api.create<VolumeAttributesClass>({
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttributesClass",
    metadata: { name },
    driverName: "d.example.com",
    parameters: { iops: "1" },
  });
  w.api.create<PersistentVolumeClaim>({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c", namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      volumeAttributesClassName: name,
    },
  });
  w.settle();
  const found = () => w.api.get<VolumeAttributesClass>("volumeattributesclasses.storage.k8s.io", undefined, name);
  expect(found()?.metadata.finalizers).toEqual(["kubernetes.io/vac-protection"]);
  w.api.delete(found() as VolumeAttributesClass);
  w.settle();
  expect(found()?.metadata.deletionTimestamp).toBeDefined();
  const claim = w.api.get("persistentvolumeclaims", "default", "c");
  if (claim) w.api.delete(claim);
  w.settle();
  expect(found()).toBeUndefined();
});
