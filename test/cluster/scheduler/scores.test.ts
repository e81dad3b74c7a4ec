import { expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { workload } from "../controllers/setup.ts";
import { aPod, asks, type Nodes, outcome, place, scheduling } from "./setup.ts";

const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const on = (node: string) => ({ nodeSelector: { [HOST]: node } });
const two: Nodes = { w1: {}, w2: {} };
const only = (plugin: string, args = "") =>
  `profiles:\n- plugins:\n    score:\n      disabled:\n      - name: "*"\n      enabled:\n      - name: ${plugin}\n${args}`;
const fitBy = (strategy: string) =>
  only(
    "NodeResourcesFit",
    `  pluginConfig:\n  - name: NodeResourcesFit\n    args:\n      scoringStrategy: ${strategy}\n`,
  );
const soft = (topologyKey: string) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: { app: "p" } } },
  ],
});
const prefers = (kind: "podAffinity" | "podAntiAffinity", app: string) => ({
  affinity: {
    [kind]: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 10, podAffinityTerm: { labelSelector: { matchLabels: { app } }, topologyKey: HOST } },
      ],
    },
  },
});
const requires = (app: string) => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: HOST }],
    },
  },
});
const owned = (name: string, by: string, uid: string | undefined): Pod => {
  const pod = aPod(name, {}, { app: by });
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: by, uid: uid ?? "", controller: true };
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
};

interface Case {
  readonly what: string;
  readonly config: string;
  readonly nodes?: Nodes;
  readonly objects?: readonly KubeObject[];
  readonly there?: readonly Pod[];
  readonly pod: Pod;
  readonly wants: string;
}

/** The scoring tests of the plugins in kubernetes pkg/scheduler/framework/plugins, 1.35. */
const cases: readonly Case[] = [
  {
    what: "LeastAllocated",
    config: fitBy("{type: LeastAllocated}"),
    there: [aPod("o", { ...asks("500m"), ...on("w1") })],
    pod: aPod("p", asks("100m")),
    wants: "w2",
  },
  {
    what: "MostAllocated",
    config: fitBy("{type: MostAllocated}"),
    there: [aPod("o", { ...asks("500m"), ...on("w1") })],
    pod: aPod("p", asks("100m")),
    wants: "w1",
  },
  {
    what: "RequestedToCapacityRatio, bin packing",
    config: fitBy(
      "{type: RequestedToCapacityRatio, resources: [{name: cpu, weight: 3}], requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]}}",
    ),
    there: [aPod("o", { ...asks("500m"), ...on("w2") })],
    pod: aPod("p", asks("100m")),
    wants: "w2",
  },
  {
    what: "RequestedToCapacityRatio, the other way round",
    config: fitBy(
      "{type: RequestedToCapacityRatio, resources: [{name: cpu, weight: 3}], requestedToCapacityRatio: {shape: [{utilization: 0, score: 10}, {utilization: 100, score: 0}]}}",
    ),
    there: [aPod("o", { ...asks("500m"), ...on("w2") })],
    pod: aPod("p", asks("100m")),
    wants: "w1",
  },
  {
    what: "NodeResourcesBalancedAllocation",
    config: only("NodeResourcesBalancedAllocation"),
    there: [aPod("o", { ...asks("1", "64Mi"), ...on("w1") })],
    pod: aPod("p", asks("500m", "1Gi")),
    wants: "w2",
  },
  {
    what: "TaintToleration",
    config: only("TaintToleration"),
    nodes: { w1: { taints: [{ key: "a", effect: "PreferNoSchedule" }] }, w2: {} },
    pod: aPod("p"),
    wants: "w2",
  },
  {
    what: "preferred node affinity adds up",
    config: only("NodeAffinity"),
    nodes: { w1: { labels: { a: "1" } }, w2: { labels: { a: "1", b: "1" } } },
    pod: aPod("p", {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: ["a", "b"].map((key) => ({
            weight: 1,
            preference: { matchExpressions: [{ key, operator: "Exists" }] },
          })),
        },
      },
    }),
    wants: "w2",
  },
  {
    what: "ImageLocality",
    config: only("ImageLocality"),
    nodes: { w1: {}, w2: { images: [{ names: ["docker.io/library/nginx:latest"], sizeBytes: 600 * 1024 * 1024 }] } },
    pod: aPod("p"),
    wants: "w2",
  },
  {
    what: "a soft constraint by node",
    config: only("PodTopologySpread"),
    there: [aPod("o", on("w1"), { app: "p" })],
    pod: aPod("p", soft(HOST), { app: "p" }),
    wants: "w2",
  },
  {
    what: "a soft constraint by zone",
    config: only("PodTopologySpread"),
    nodes: { a1: { labels: { [ZONE]: "a" } }, a2: { labels: { [ZONE]: "a" } }, b1: { labels: { [ZONE]: "b" } } },
    there: [aPod("o", on("a1"), { app: "p" })],
    pod: aPod("p", soft(ZONE), { app: "p" }),
    wants: "b1",
  },
  {
    what: "the default constraints, for pods of a Service",
    config: only("PodTopologySpread"),
    objects: [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "s", namespace: "default" },
        spec: { selector: { app: "p" }, ports: [{ port: 80 }], clusterIP: "None" },
      },
    ],
    there: [aPod("o", on("w2"), { app: "p" })],
    pod: aPod("p", {}, { app: "p" }),
    wants: "w1",
  },
  {
    what: "default constraints of the configuration",
    config: only(
      "PodTopologySpread",
      `  pluginConfig:\n  - name: PodTopologySpread\n    args:\n      defaultingType: List\n      defaultConstraints:\n      - {maxSkew: 1, topologyKey: ${ZONE}, whenUnsatisfiable: ScheduleAnyway}\n`,
    ),
    nodes: { a1: { labels: { [ZONE]: "a" } }, a2: { labels: { [ZONE]: "a" } }, b1: { labels: { [ZONE]: "b" } } },
    objects: [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "s", namespace: "default" },
        spec: { selector: { app: "p" }, ports: [{ port: 80 }], clusterIP: "None" },
      },
    ],
    there: [aPod("o", on("a1"), { app: "p" })],
    pod: aPod("p", {}, { app: "p" }),
    wants: "b1",
  },
  {
    what: "preferred company",
    config: only("InterPodAffinity"),
    there: [aPod("o", on("w2"), { app: "db" })],
    pod: aPod("p", prefers("podAffinity", "db")),
    wants: "w2",
  },
  {
    what: "preferred distance",
    config: only("InterPodAffinity"),
    there: [aPod("o", on("w2"), { app: "db" })],
    pod: aPod("p", prefers("podAntiAffinity", "db")),
    wants: "w1",
  },
  {
    what: "the preference of one that is there",
    config: only("InterPodAffinity"),
    there: [aPod("o", { ...prefers("podAffinity", "p"), ...on("w2") })],
    pod: aPod("p", {}, { app: "p" }),
    wants: "w2",
  },
  {
    what: "the aversion of one that is there",
    config: only("InterPodAffinity"),
    there: [aPod("o", { ...prefers("podAntiAffinity", "p"), ...on("w2") })],
    pod: aPod("p", {}, { app: "p" }),
    wants: "w1",
  },
  {
    what: "what one that is there required of others (hardPodAffinityWeight)",
    config: only("InterPodAffinity"),
    there: [aPod("first", on("w2"), { app: "p" }), aPod("o", requires("p"))],
    pod: aPod("p", {}, { app: "p" }),
    wants: "w2",
  },
];

test.each(cases.map((one) => [one.what, one] as const))(
  "%s",
  (_what, { config, nodes = two, objects = [], there = [], pod, wants }) => {
    const w = scheduling(nodes, config);
    for (const object of objects) w.api.create(object);
    place(w, ...there, pod);
    expect(outcome(w, "p")).toBe(wants);
  },
);

test("the pods of a ReplicaSet are spread by default (helper/spread.go DefaultSelector, 1.35)", () => {
  const w = scheduling({ w1: {}, w2: {}, w3: {} }, only("PodTopologySpread"));
  const set = w.api.create(workload("ReplicaSet", "web", { replicas: 0 }));
  for (const name of ["a", "b", "c", "d", "e", "f"]) place(w, owned(name, "web", set.metadata.uid));
  const places = ["a", "b", "c", "d", "e", "f"].map((name) => outcome(w, name)).sort();
  expect(places).toEqual(["w1", "w1", "w2", "w2", "w3", "w3"]);
});

test("addedAffinity is required of every pod of the profile (nodeaffinity/node_affinity_test.go, 1.35)", () => {
  const added = `profiles:
- pluginConfig:
  - name: NodeAffinity
    args:
      addedAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
          - matchExpressions:
            - {key: disk, operator: Exists}
`;
  const w = scheduling({ w1: {}, w2: { labels: { disk: "ssd" } } }, added);
  place(w, aPod("p"), aPod("q", on("w1")));
  expect([outcome(w, "p"), outcome(w, "q")]).toEqual([
    "w2",
    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) didn't match scheduler-enforced node affinity.",
  ]);
});

test("two profiles, each for its own pods", () => {
  const both = `profiles:
- schedulerName: default-scheduler
- schedulerName: packing
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {type: MostAllocated}
  plugins:
    score:
      disabled: [{name: "*"}]
      enabled: [{name: NodeResourcesFit}]
`;
  const w = scheduling(two, both);
  place(w, aPod("o", { ...asks("500m"), ...on("w1") }), aPod("p", asks("100m")));
  place(w, aPod("q", { ...asks("100m"), schedulerName: "packing" }), aPod("r", { schedulerName: "nobody" }));
  expect([outcome(w, "p"), outcome(w, "q"), outcome(w, "r")]).toEqual(["w2", "w1", "not tried"]);
  expect(w.events("Pod/r")).toEqual([]);
});
