import { expect, test } from "vitest";
import { conditionOf } from "../../../src/kinds/labels.ts";
import type { Event, Node } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { World } from "../controllers/setup.ts";
import { addPlainNode, aPod, asks, type Nodes, outcome, place, podIn, priorityClass, scheduling } from "./setup.ts";

const HOST = "kubernetes.io/hostname";
const one: Nodes = { w1: {} };

/** How often the scheduler has said that it found no node. */
const attempts = (w: World) =>
  w.api
    .list<Event>("events")
    .filter(({ reason }) => reason === "FailedScheduling")
    .reduce((sum, { series }) => sum + (series?.count ?? 1), 0);

const changeNode = (w: World, name: string, change: (node: Node) => Node) =>
  w.api.modify<Node>(w.api.get<Node>("nodes", undefined, name) as Node, change);
const uncordon = (w: World, name: string) =>
  changeNode(w, name, (node) => ({ ...node, spec: { ...node.spec, unschedulable: false } }));
const label = (w: World, name: string, key: string, value: string) =>
  changeNode(w, name, (node) => ({
    ...node,
    metadata: { ...node.metadata, labels: { ...node.metadata.labels, [key]: value } },
  }));

interface Case {
  readonly what: string;
  readonly nodes?: Nodes;
  readonly there?: readonly Pod[];
  readonly pod: Pod;
  readonly change: (w: World) => void;
  /** Whether the change makes the scheduler try again. */
  readonly again: boolean;
}

const wants = (app: string) => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: HOST }],
    },
  },
});
const classOf = (name: string): KubeObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner: "example.com/disk",
});

/** The queueing hints of the plugins (EventsToRegister and isSchedulableAfter…, 1.35). */
const cases: readonly Case[] = [
  {
    what: "NodeAffinity: a node that does not match",
    pod: aPod("p", { nodeSelector: { disk: "ssd" } }),
    change: (w) => addPlainNode(w, "w2", {}),
    again: false,
  },
  {
    what: "NodeAffinity: a label that matches",
    pod: aPod("p", { nodeSelector: { disk: "ssd" } }),
    change: (w) => label(w, "w1", "disk", "ssd"),
    again: true,
  },
  {
    what: "NodeAffinity: a pod that leaves",
    there: [aPod("o")],
    pod: aPod("p", { nodeSelector: { disk: "ssd" } }),
    change: (w) => w.api.delete(podIn(w, "o"), { gracePeriodSeconds: 0 }),
    again: false,
  },
  {
    what: "NodeResourcesFit: a pod that leaves",
    there: [aPod("o")],
    pod: aPod("p", asks("4")),
    change: (w) => w.api.delete(podIn(w, "o"), { gracePeriodSeconds: 0 }),
    again: true,
  },
  {
    what: "NodeResourcesFit: a label",
    pod: aPod("p", asks("4")),
    change: (w) => label(w, "w1", "disk", "ssd"),
    again: false,
  },
  {
    what: "NodeResourcesFit: a new node",
    pod: aPod("p", asks("4")),
    change: (w) => addPlainNode(w, "w2", {}),
    again: true,
  },
  {
    what: "NodeUnschedulable: uncordoned",
    nodes: { w1: { unschedulable: true } },
    pod: aPod("p"),
    change: (w) => uncordon(w, "w1"),
    again: true,
  },
  {
    what: "TaintToleration: another taint",
    nodes: { w1: { taints: [{ key: "a", effect: "NoSchedule" }] } },
    pod: aPod("p"),
    change: (w) =>
      changeNode(w, "w1", (node) => ({
        ...node,
        spec: { ...node.spec, taints: [{ key: "b", effect: "NoSchedule" }] },
      })),
    again: false,
  },
  {
    what: "TaintToleration: no taint any more",
    nodes: { w1: { taints: [{ key: "a", effect: "NoSchedule" }] } },
    pod: aPod("p"),
    change: (w) => changeNode(w, "w1", ({ spec: { taints: _, ...spec }, ...node }) => ({ ...node, spec })),
    again: true,
  },
  {
    what: "NodePorts: another pod leaves",
    there: [
      aPod("o"),
      aPod("u", { containers: [{ name: "w", image: "i", ports: [{ containerPort: 1, hostPort: 1 }] }] }),
    ],
    pod: aPod("p", { containers: [{ name: "w", image: "i", ports: [{ containerPort: 1, hostPort: 1 }] }] }),
    change: (w) => w.api.delete(podIn(w, "o"), { gracePeriodSeconds: 0 }),
    again: false,
  },
  {
    what: "InterPodAffinity: other company",
    pod: aPod("p", wants("db")),
    change: (w) => place(w, aPod("o", {}, { app: "web" })),
    again: false,
  },
  {
    what: "InterPodAffinity: the company",
    pod: aPod("p", wants("db")),
    change: (w) => place(w, aPod("o", {}, { app: "db" })),
    again: true,
  },
  {
    what: "a StorageClass helps nobody who wants cpu",
    pod: aPod("p", asks("4")),
    change: (w) => void w.api.create(classOf("fast")),
    again: false,
  },
  {
    what: "a heartbeat",
    pod: aPod("p", asks("4")),
    change: (w) => w.api.updateStatus<Node>({ ...(w.api.get<Node>("nodes", undefined, "w1") as Node), kind: "Node" }),
    again: false,
  },
];

test.each(cases.map((c) => [c.what, c] as const))("%s", (_what, { nodes = one, there = [], pod, change, again }) => {
  const w = scheduling(nodes);
  place(w, ...there, pod);
  expect(attempts(w)).toBe(1);
  w.pass(20);
  change(w);
  w.settle();
  const tried = attempts(w) > 1 || podIn(w, "p").spec.nodeName !== undefined;
  expect(tried).toBe(again);
});

test("a pod that nothing helps is tried again after five minutes (scheduling_queue.go, 1.35)", () => {
  const w = scheduling(one);
  place(w, aPod("p", asks("4")));
  w.pass(299);
  expect(attempts(w)).toBe(1);
  w.pass(2);
  expect(attempts(w)).toBe(2);
});

test("gates: a condition, no event, and no try until they are gone (scheduling_gates.go, 1.35)", () => {
  const w = scheduling(one);
  place(w, aPod("p", { schedulingGates: [{ name: "example.com/wait" }] }));
  expect(conditionOf(podIn(w, "p"), "PodScheduled")).toMatchObject({
    status: "False",
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  });
  expect(w.events("Pod/p")).toEqual([]);
  w.api.modify<Pod>(podIn(w, "p"), ({ spec: { schedulingGates: _, ...spec }, ...pod }) => ({ ...pod, spec }));
  w.settle();
  expect(outcome(w, "p")).toBe("w1");
});

test("the most important first, then who came first (queuesort/priority_sort.go, 1.35)", () => {
  const w = scheduling({});
  w.api.create(priorityClass("high", 100));
  for (const name of ["a", "b"]) w.api.create(aPod(name));
  w.api.create(aPod("c", { priorityClassName: "high" }));
  addPlainNode(w, "w1", { room: { pods: "2" } });
  w.pass(1);
  expect(["a", "b", "c"].map((name) => outcome(w, name))).toEqual([
    "w1",
    "0/1 nodes are available: 1 Too many pods.",
    "w1",
  ]);
});

test("the first events and condition", () => {
  const w = scheduling(one);
  place(w, aPod("p"), aPod("q", asks("4")));
  expect(w.events("Pod/p")).toEqual(["Normal Scheduled Successfully assigned default/p to w1"]);
  expect(w.events("Pod/q")).toEqual([
    "Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  ]);
  expect(conditionOf(podIn(w, "q"), "PodScheduled")).toMatchObject({ status: "False", reason: "Unschedulable" });
});
