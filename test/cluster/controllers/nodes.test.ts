import { describe, expect, test } from "vitest";
import { rfc3339Micro } from "../../../src/base/time.ts";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Lease, Node } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { addNode, beat, podNamed, reportPod, type World, world } from "./setup.ts";

const node = (w: World, name: string) => w.api.get<Node>("nodes", undefined, name) as Node;
const taints = (w: World, name: string) =>
  (node(w, name).spec.taints ?? [])
    .map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`)
    .sort();

/** Renews a node's lease every ten seconds, as its kubelet does, until told to stop. */
function live(w: World, name: string): () => void {
  let on = true;
  const spec = () => ({ holderIdentity: name, leaseDurationSeconds: 40, renewTime: rfc3339Micro(w.clock.now) });
  const lease = w.api.create<Lease>({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease" },
    spec: spec(),
  });
  const renew = () => {
    if (!on) return;
    w.api.modify<Lease>(lease, (now) => ({ ...now, spec: { ...now.spec, ...spec() } }));
    w.clock.after(10, renew);
  };
  renew();
  return () => {
    on = false;
  };
}

function placed(w: World, name: string, on: string, more: Record<string, unknown> = {}): Pod {
  const pod = w.api.create(podNamed(name, more));
  w.api.createAt("pods", "default", name, "binding", { target: { kind: "Node", name: on } });
  reportPod(w, pod, "Running");
  w.settle();
  return w.api.get<Pod>("pods", "default", name) as Pod;
}

const seconds = (n: number) => ({
  tolerations: [{ key: "dedicated", operator: "Exists", effect: "NoExecute", tolerationSeconds: n }],
});

describe("nodes", () => {
  test("a node joins: registered, untainted when ready, with a network for its pods", () => {
    const w = world({ flags: { "allocate-node-cidrs": "true", "cluster-cidr": "10.244.0.0/16" } });
    w.api.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "w1", labels: { "kubernetes.io/os": "linux" } },
      spec: {},
    });
    expect(taints(w, "w1")).toEqual(["not-ready:NoSchedule"]);
    beat(w, "w1", "False");
    expect(taints(w, "w1")).toEqual(["not-ready:NoSchedule"]);
    beat(w, "w1");
    expect(taints(w, "w1")).toEqual([]);
    expect(node(w, "w1").spec).toMatchObject({ podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] });
    expect(node(w, "w1").metadata.labels).toMatchObject({ "beta.kubernetes.io/os": "linux" });
    addNode(w, "w2");
    expect(node(w, "w2").spec.podCIDR).toBe("10.244.1.0/24");
    expect(w.events("Node/w1")).toEqual(["Normal RegisteredNode Node w1 event: Registered Node w1 in Controller"]);
    w.api.delete(node(w, "w1"));
    w.settle();
    expect(w.events("Node/w1")).toContain("Normal RemovingNode Node w1 event: Removing Node w1 from Controller");
    addNode(w, "w3");
    expect(node(w, "w3").spec.podCIDR).toBe("10.244.2.0/24");
  });

  test("a node goes silent and comes back", () => {
    const w = world();
    for (const name of ["cp", "w1"]) addNode(w, name);
    live(w, "cp");
    const silence = live(w, "w1");
    const pod = placed(w, "a", "w1");
    w.pass(200);
    expect(conditionOf(node(w, "w1"), "Ready")?.status).toBe("True");
    silence();
    // The last renewal was at most ten seconds ago; the grace period is 50 s in 1.35.
    w.pass(39);
    expect(conditionOf(node(w, "w1"), "Ready")?.status).toBe("True");
    w.pass(12);
    for (const type of ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"])
      expect(conditionOf(node(w, "w1"), type)).toMatchObject({
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
      });
    expect(taints(w, "w1")).toEqual(["unreachable:NoExecute", "unreachable:NoSchedule"]);
    expect(node(w, "w1").spec.taints?.every(({ timeAdded }) => timeAdded !== undefined)).toBe(true);
    expect(w.events("Node/w1")).toContain("Normal NodeNotReady Node w1 status is now: NodeNotReady");
    expect(w.events("Pod/a")).toContain("Warning NodeNotReady Node is not ready");
    const now = () => w.api.get<Pod>("pods", "default", "a") as Pod;
    expect(conditionOf(now(), "Ready")?.status).toBe("False");
    expect(now().metadata.deletionTimestamp).toBeUndefined();
    w.pass(250);
    expect(now().metadata.deletionTimestamp).toBeUndefined();
    live(w, "w1x");
    beat(w, "w1");
    expect(taints(w, "w1")).toEqual([]);
    expect(w.events("Pod/a")).toContain("Normal TaintManagerEviction Cancelling deletion of Pod default/a");
    w.pass(40);
    expect(now().metadata.uid).toBe(pod.metadata.uid);
    expect(taints(w, "cp")).toEqual([]);
  });

  test("after 300 seconds the pods of a silent node are evicted", () => {
    const w = world();
    for (const name of ["cp", "w1"]) addNode(w, name);
    live(w, "cp");
    placed(w, "a", "w1");
    placed(w, "daemon", "w1", {
      tolerations: [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" }],
    });
    w.pass(51 + 301);
    const pod = w.api.get<Pod>("pods", "default", "a") as Pod;
    expect(pod.metadata.deletionTimestamp).toBeDefined();
    expect(conditionOf(pod, "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    });
    expect(w.events("Pod/a")).toContain("Normal TaintManagerEviction Marking for deletion Pod default/a");
    expect(w.api.get<Pod>("pods", "default", "daemon")?.metadata.deletionTimestamp).toBeUndefined();
  });

  test("when no node is ready nobody is evicted", () => {
    const w = world();
    addNode(w, "w1");
    w.pass(120);
    expect(taints(w, "w1")).toEqual(["unreachable:NoSchedule"]);
  });

  test("nodes that fail together are evicted one after the other", () => {
    const w = world();
    for (const name of ["cp", "w1", "w2"]) addNode(w, name);
    live(w, "cp");
    w.pass(52);
    const evicted = () => ["w1", "w2"].filter((name) => taints(w, name).includes("unreachable:NoExecute"));
    expect(evicted()).toHaveLength(1);
    w.pass(10);
    expect(evicted()).toHaveLength(2);
  });

  test("a node that never reports", () => {
    const w = world();
    addNode(w, "cp");
    live(w, "cp");
    w.api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w1" }, spec: {} });
    w.pass(61);
    expect(conditionOf(node(w, "w1"), "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
    });
  });

  test("cordon and pressure are taints; an idle world is at rest", () => {
    const w = world();
    addNode(w, "w1");
    const silence = live(w, "w1");
    w.api.modify<Node>(node(w, "w1"), (n) => ({ ...n, spec: { ...n.spec, unschedulable: true } }));
    w.settle();
    expect(taints(w, "w1")).toEqual(["unschedulable:NoSchedule"]);
    w.api.modify<Node>(
      node(w, "w1"),
      (n) => ({
        ...n,
        status: {
          ...n.status,
          conditions:
            n.status?.conditions?.map((c) => (c.type === "DiskPressure" ? { ...c, status: "True" } : c)) ?? [],
        },
      }),
      "status",
    );
    w.api.modify<Node>(node(w, "w1"), ({ spec: { unschedulable: _, ...spec }, ...n }) => ({ ...n, spec }) as Node);
    w.settle();
    expect(taints(w, "w1")).toEqual(["disk-pressure:NoSchedule"]);
    silence();
    const { revision } = w.store;
    w.pass(20);
    expect(w.store.revision).toBe(revision);
  });

  test("NoExecute by hand: at once, after tolerationSeconds, or never", () => {
    const w = world();
    addNode(w, "w1");
    live(w, "w1");
    placed(w, "at-once", "w1");
    placed(w, "later", "w1", seconds(30));
    placed(w, "never", "w1", { tolerations: [{ key: "dedicated", operator: "Exists" }] });
    const taint = (list: NonNullable<Node["spec"]["taints"]>) =>
      w.api.modify<Node>(node(w, "w1"), (n) => ({ ...n, spec: { ...n.spec, taints: list } }));
    taint([{ key: "dedicated", value: "x", effect: "NoExecute" }]);
    w.settle();
    const going = () =>
      w.api
        .list<Pod>("pods", "default")
        .filter(({ metadata }) => metadata.deletionTimestamp)
        .map(({ metadata }) => metadata.name);
    expect(going()).toEqual(["at-once"]);
    w.pass(29);
    expect(going()).toEqual(["at-once"]);
    w.pass(1);
    expect(going()).toEqual(["at-once", "later"]);
    placed(w, "newcomer", "w1");
    expect(going()).toEqual(["at-once", "later", "newcomer"]);
  });

  test("pods of a node that is gone go forty seconds later", () => {
    const w = world();
    addNode(w, "w1");
    placed(w, "a", "w1");
    w.api.delete(node(w, "w1"));
    w.pass(39);
    expect(w.api.get("pods", "default", "a")).toBeDefined();
    w.pass(1);
    expect(w.api.get("pods", "default", "a")).toBeUndefined();
  });

  test("finished pods beyond the threshold go, the oldest first", () => {
    const w = world({ flags: { "terminated-pod-gc-threshold": "2" } });
    for (const name of ["a", "b", "c", "d"]) {
      reportPod(w, w.api.create(podNamed(name)), "Succeeded");
      w.pass(1);
    }
    expect(w.api.list<Pod>("pods", "default").map(({ metadata }) => metadata.name)).toEqual(["c", "d"]);
  });
});
