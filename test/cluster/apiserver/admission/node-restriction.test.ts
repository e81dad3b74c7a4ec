import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import { podNamed, refusal, world } from "../setup.ts";

// Texts by kubernetes v1.35.0 plugin/pkg/admission/noderestriction.

const mirror = { "kubernetes.io/config.mirror": "x" };

function cluster() {
  const made = world({
    flags: {
      "authorization-mode": "AlwaysAllow",
      "enable-admission-plugins": "NodeRestriction",
      "disable-admission-plugins": "ServiceAccount",
    },
  });
  const kubelet = made.server.client(
    { name: "system:node:n1", groups: ["system:nodes", "system:authenticated"] },
    "kubelet",
  );
  const nodes = ["n1", "n2"].map((name) =>
    made.api.create<KubeObject>({ apiVersion: "v1", kind: "Node", metadata: { name, labels: { team: "a" } } }),
  );
  made.api.create(podNamed("own", { spec: { nodeName: "n1", containers: [{ name: "a", image: "i" }] } }));
  made.api.create(podNamed("other", { spec: { nodeName: "n2", containers: [{ name: "a", image: "i" }] } }));
  return { ...made, kubelet, uid: nodes[0]?.metadata.uid ?? "" };
}

type Cluster = ReturnType<typeof cluster>;

const owner = (uid: string, more: object = {}) => [
  { apiVersion: "v1", kind: "Node", name: "n1", uid, controller: true, ...more },
];
const mirrorPod = (uid: string, spec: object = {}, metadata: object = {}): KubeObject =>
  podNamed("m", {
    metadata: { name: "m", namespace: "default", annotations: mirror, ownerReferences: owner(uid), ...metadata },
    spec: { nodeName: "n1", containers: [{ name: "a", image: "i" }], ...spec },
  });
const node = (c: Cluster, name: string) => c.api.get("nodes", undefined, name) as KubeObject;
const pod = (c: Cluster, name: string) => c.api.get("pods", "default", name) as KubeObject;
const relabelled = (object: KubeObject, labels: Record<string, string>) => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
});

const cases: readonly (readonly [name: string, run: (c: Cluster) => unknown, why: string | undefined])[] = [
  [
    "its own label",
    (c) =>
      c.kubelet.update(
        relabelled(node(c, "n1"), { team: "b", "node.kubernetes.io/x": "y", "kubernetes.io/arch": "arm64" }),
      ),
    undefined,
  ],
  [
    "a label of Kubernetes",
    (c) => c.kubelet.update(relabelled(node(c, "n1"), { "node-role.kubernetes.io/worker": "", "x.k8s.io/a": "" })),
    'nodes "n1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/worker, x.k8s.io/a',
  ],
  [
    "a label that restricts nodes",
    (c) => c.kubelet.update(relabelled(node(c, "n1"), { "a.node-restriction.kubernetes.io/b": "" })),
    'nodes "n1" is forbidden: is not allowed to modify labels: a.node-restriction.kubernetes.io/b',
  ],
  [
    "another node",
    (c) => c.kubelet.update(relabelled(node(c, "n2"), { a: "b" })),
    'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
  ],
  [
    "another node's deletion",
    (c) => c.kubelet.delete(node(c, "n2")),
    'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
  ],
  [
    "taints",
    (c) => c.kubelet.update({ ...node(c, "n1"), spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }),
    'nodes "n1" is forbidden: node "n1" is not allowed to modify taints',
  ],
  [
    "owners of the node",
    (c) => c.kubelet.update({ ...node(c, "n1"), metadata: { ...node(c, "n1").metadata, ownerReferences: owner("x") } }),
    'nodes "n1" is forbidden: node "n1" is not allowed to modify ownerReferences',
  ],
  ["its status", (c) => c.kubelet.updateStatus({ ...node(c, "n1"), status: { capacity: { cpu: "1" } } }), undefined],
  [
    "a plain pod",
    (c) => c.kubelet.create(podNamed("p")),
    'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
  ],
  ["a mirror pod", (c) => c.kubelet.create(mirrorPod(c.uid)), undefined],
  [
    "a mirror pod elsewhere",
    (c) => c.kubelet.create(mirrorPod(c.uid, { nodeName: "n2" })),
    'pods "m" is forbidden: node "n1" can only create pods with spec.nodeName set to itself',
  ],
  [
    "no owner",
    (c) => c.kubelet.create(mirrorPod(c.uid, {}, { ownerReferences: [] })),
    'pods "m" is forbidden: node "n1" can only create pods with an owner reference set to itself',
  ],
  [
    "two owners",
    (c) =>
      c.kubelet.create(
        mirrorPod(c.uid, {}, { ownerReferences: [...owner(c.uid), ...owner("2", { controller: false })] }),
      ),
    'pods "m" is forbidden: node "n1" can only create pods with a single owner reference set to itself',
  ],
  [
    "an owner that does not control",
    (c) => c.kubelet.create(mirrorPod(c.uid, {}, { ownerReferences: owner(c.uid, { controller: false }) })),
    'pods "m" is forbidden: node "n1" can only create pods with a controller owner reference set to itself',
  ],
  [
    "an owner that may not go",
    (c) => c.kubelet.create(mirrorPod(c.uid, {}, { ownerReferences: owner(c.uid, { blockOwnerDeletion: true }) })),
    'pods "m" is forbidden: node "n1" must not set blockOwnerDeletion on an owner reference',
  ],
  ["an owner of before", (c) => c.kubelet.create(mirrorPod("1")), "UID mismatch: expected 1 got"],
  [
    "a service account",
    (c) => c.kubelet.create(mirrorPod(c.uid, { serviceAccountName: "default" })),
    'pods "m" is forbidden: node "n1" can not create pods that reference serviceaccounts',
  ],
  [
    "secrets",
    (c) => c.kubelet.create(mirrorPod(c.uid, { volumes: [{ name: "s", secret: { secretName: "s" } }] })),
    'pods "m" is forbidden: node "n1" can not create pods that reference secrets',
  ],
  [
    "config maps",
    (c) =>
      c.kubelet.create(
        mirrorPod(c.uid, { containers: [{ name: "a", image: "i", envFrom: [{ configMapRef: { name: "c" } }] }] }),
      ),
    'pods "m" is forbidden: node "n1" can not create pods that reference configmaps',
  ],
  [
    "claims",
    (c) => c.kubelet.create(mirrorPod(c.uid, { volumes: [{ name: "s", persistentVolumeClaim: { claimName: "s" } }] })),
    'pods "m" is forbidden: node "n1" can not create pods that reference persistentvolumeclaims',
  ],
  [
    "a change of its pod",
    (c) => c.kubelet.update(relabelled(pod(c, "own"), { a: "b" })),
    'pods "own" is forbidden: unexpected operation "UPDATE", node "n1" can only create and delete mirror pods',
  ],
  [
    "the status of its pod",
    (c) => c.kubelet.updateStatus({ ...pod(c, "own"), status: { phase: "Running" } }),
    undefined,
  ],
  [
    "the status of another's pod",
    (c) => c.kubelet.updateStatus({ ...pod(c, "other"), status: { phase: "Running" } }),
    'pods "other" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself',
  ],
  [
    "labels by the status",
    (c) => c.kubelet.updateStatus({ ...relabelled(pod(c, "own"), { a: "b" }), status: { phase: "Running" } }),
    'pods "own" is forbidden: node "n1" cannot update labels through pod status',
  ],
  ["deleting its pod", (c) => c.kubelet.delete(pod(c, "own")), undefined],
  [
    "deleting another's pod",
    (c) => c.kubelet.delete(pod(c, "other")),
    'pods "other" is forbidden: node "n1" can only delete pods with spec.nodeName set to itself',
  ],
  [
    "evicting another's pod",
    (c) => c.kubelet.createAt("pods", "default", "other", "eviction", {}),
    'pods "other" is forbidden: node n1 can only evict pods with spec.nodeName set to itself',
  ],
  [
    "a lease elsewhere",
    (c) =>
      c.kubelet.create({
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "n1", namespace: "default" },
        spec: {},
      }),
    'leases.coordination.k8s.io "n1" is forbidden: can only access leases in the "kube-node-lease" system namespace',
  ],
  [
    "a token for nobody",
    (c) => c.kubelet.createAt("serviceaccounts", "default", "default", "token", { spec: {} }),
    'serviceaccounts "default" is forbidden: node requested token not bound to a pod',
  ],
  [
    "a token for another's pod",
    (c) =>
      c.kubelet.createAt("serviceaccounts", "default", "default", "token", {
        spec: {
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "other", uid: pod(c, "other").metadata.uid ?? "" },
        },
      }),
    'serviceaccounts "default" is forbidden: node requested token bound to a pod scheduled on a different node',
  ],
];

describe("NodeRestriction", () => {
  test.each(cases)("%s", (_name, run, why) => {
    const made = cluster();
    if (why === undefined) expect(() => run(made)).not.toThrow();
    else expect(refusal(() => run(made)).message).toContain(why);
  });

  test("off by default", () => {
    const { server, api } = world({ flags: { "authorization-mode": "AlwaysAllow" } });
    const kubelet = server.client({ name: "system:node:n1", groups: ["system:nodes"] }, "kubelet");
    api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n2" } });
    expect(() => kubelet.delete(api.get("nodes", undefined, "n2") as KubeObject)).not.toThrow();
  });
});
