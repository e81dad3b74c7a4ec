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

// node_lifecycle_controller.go computeZoneState and the eviction rates (1.35): so many nodes of each zone go silent at once.
test.each([
  ["one of four, every ten seconds", {}, [4], [1], 12, 1],
  ["three of ten: one in ten seconds", {}, [10], [3], 12, 2],
  ["three of ten, later", {}, [10], [3], 22, 3],
  ["most of a small zone: none", {}, [5], [4], 120, 0],
  ["two of three are too few to call it disrupted", {}, [3], [2], 22, 2],
  ["all of a zone, another is well: as ever", {}, [3, 3], [3, 0], 32, 3],
  ["all of the cluster: none", {}, [3], [3], 120, 0],
  ["--node-eviction-rate", { "node-eviction-rate": "1" }, [10], [3], 4, 3],
  ["--unhealthy-zone-threshold", { "unhealthy-zone-threshold": "0.9" }, [5], [4], 42, 4],
  ["--large-cluster-size-threshold", { "large-cluster-size-threshold": "4" }, [5], [4], 12, 1],
  [
    "--secondary-node-eviction-rate",
    { "large-cluster-size-threshold": "4", "secondary-node-eviction-rate": "0.5" },
    [5],
    [4],
    7,
    4,
  ],
  ["--node-monitor-grace-period", { "node-monitor-grace-period": "20s" }, [4], [1], -28, 1],
] as const)("how many silent nodes are tainted: %s", (_, flags, sizes, silent, after, tainted) => {
  const w = world({ flags, only: ["node-lifecycle-controller"] });
  const stops: (() => void)[] = [];
  sizes.forEach((size, zone) => {
    for (let i = 0; i < size; i++) {
      const name = `z${zone}n${i}`;
      addNode(w, name, { labels: { "topology.kubernetes.io/zone": `z${zone}` } });
      const stop = live(w, name);
      if (i < (silent[zone] ?? 0)) stops.push(stop);
    }
  });
  w.pass(5);
  for (const stop of stops) stop();
  // The last sign of life is five seconds old; then it takes the grace period of 50 s.
  w.pass(45 + after);
  const evicted = w.api
    .list<Node>("nodes")
    .filter(({ metadata }) => taints(w, metadata.name).includes("unreachable:NoExecute"));
  expect(evicted).toHaveLength(tainted);
});

// gc_controller.go gcTerminating (1.35).
test.each([
  ["not ready and out of service: the pod goes", "False", true, 0],
  ["ready: its kubelet ends the pod", "True", true, 1],
  ["not ready only: the pod waits for its kubelet", "False", false, 1],
] as const)("a deleted pod on a node that is %s", (_, ready, tainted, left) => {
  const w = world({ only: ["pod-garbage-collector-controller"] });
  const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" as const };
  addNode(w, "w1", tainted ? { spec: { taints: [taint] } } : {});
  beat(w, "w1", ready);
  w.api.delete(placed(w, "web", "w1"));
  w.settle();
  expect(w.api.list("pods", "default")).toHaveLength(left);
});

test("more finished pods than --terminated-pod-gc-threshold: the evicted go first, then the oldest", () => {
  const w = world({ only: ["pod-garbage-collector-controller"], flags: { "terminated-pod-gc-threshold": "2" } });
  addNode(w, "w1");
  const all = ["a", "b", "c"].map((name) => {
    const pod = placed(w, name, "w1");
    w.pass(5);
    return pod;
  });
  const [a, b, c] = all;
  w.api.modify<Pod>(
    c as Pod,
    (now) => ({ ...now, status: { ...now.status, reason: "Evicted" } as Pod["status"] }),
    "status",
  );
  for (const pod of [a, b, c]) reportPod(w, pod as Pod, "Failed");
  w.settle();
  expect(w.api.list("pods", "default").map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
  const d = placed(w, "d", "w1");
  reportPod(w, d, "Succeeded");
  w.settle();
  expect(w.api.list("pods", "default").map(({ metadata }) => metadata.name)).toEqual(["b", "d"]);
});
