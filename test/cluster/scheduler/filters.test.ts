import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { aPod, asks, type Nodes, outcome, place, scheduling } from "./setup.ts";

const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const zones: Nodes = {
  a1: { labels: { [ZONE]: "a" } },
  a2: { labels: { [ZONE]: "a" } },
  b1: { labels: { [ZONE]: "b" } },
};
const two: Nodes = { w1: {}, w2: {} };
const on = (node: string) => ({ nodeSelector: { [HOST]: node } });
const app = (value: string) => ({ matchLabels: { app: value } });
const web = { app: "web" };

const spread = (more: Record<string, unknown> = {}) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "DoNotSchedule", labelSelector: app("web"), ...more },
  ],
});
const nodeAffinity = (...matchExpressions: readonly object[]) => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
});
const near = (...terms: readonly object[]) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const apart = (...terms: readonly object[]) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const term = (value: string, topologyKey = HOST, more: object = {}) => ({
  labelSelector: app(value),
  topologyKey,
  ...more,
});
const port = (hostPort: number, more: object = {}) => ({
  containers: [{ name: "web", image: "nginx", ports: [{ containerPort: 80, hostPort, ...more }] }],
});
const disk = (source: object) => ({ volumes: [{ name: "d", ...source }] });
const claimed = (claimName: string) => ({ volumes: [{ name: "d", persistentVolumeClaim: { claimName } }] });

const claim = (name: string, volumeName: string, mode = "ReadWriteOnce"): KubeObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "default", annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
  spec: { accessModes: [mode], resources: { requests: { storage: "1Gi" } }, volumeName, storageClassName: "" },
});
const volume = (
  name: string,
  labels: Record<string, string>,
  source: object = { hostPath: { path: "/d" } },
): KubeObject => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name, labels },
  spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, storageClassName: "", ...source },
});
const csi = (handle: string) => ({ csi: { driver: "disk.example.com", volumeHandle: handle } });
const csiNode = (name: string, count: number): KubeObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSINode",
  metadata: { name },
  spec: { drivers: [{ name: "disk.example.com", nodeID: name, allocatable: { count } }] },
});
const none = (n: number, why: string) => `0/${n} nodes are available: ${why}.`;
const UNSPREAD = "node(s) didn't match pod topology spread constraints";

interface Case {
  readonly what: string;
  readonly nodes: Nodes;
  readonly objects?: readonly KubeObject[];
  readonly there?: readonly Pod[];
  readonly pod: Pod;
  /** The node, several that may be, or why none. */
  readonly wants: string | readonly string[];
}

/** Node plugins; after the tables of their tests in kubernetes pkg/scheduler/framework/plugins, 1.35. */
const ofNodes: readonly Case[] = [
  {
    what: "cordoned",
    nodes: { w1: { unschedulable: true } },
    pod: aPod("p"),
    wants: none(1, "1 node(s) were unschedulable"),
  },
  {
    what: "cordoned, and tolerated",
    nodes: { w1: { unschedulable: true } },
    pod: aPod("p", { tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }] }),
    wants: "w1",
  },
  {
    what: "a taint",
    nodes: { w1: { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] }, w2: {} },
    pod: aPod("p"),
    wants: "w2",
  },
  {
    what: "taints everywhere",
    nodes: {
      w1: { taints: [{ key: "a", effect: "NoSchedule" }] },
      w2: { taints: [{ key: "a", effect: "NoExecute" }] },
    },
    pod: aPod("p"),
    wants: none(2, "2 node(s) had untolerated taint(s)"),
  },
  {
    what: "a toleration of another value",
    nodes: { w1: { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] } },
    pod: aPod("p", { tolerations: [{ key: "a", operator: "Equal", value: "c", effect: "NoSchedule" }] }),
    wants: none(1, "1 node(s) had untolerated taint(s)"),
  },
  {
    what: "a soft taint only makes less likely",
    nodes: { w1: { taints: [{ key: "a", effect: "PreferNoSchedule" }] }, w2: {} },
    pod: aPod("p"),
    wants: "w2",
  },
  ...(
    [
      ["In", ["ssd"], "w1"],
      ["NotIn", ["ssd"], "w2"],
      ["Exists", undefined, "w1"],
      ["DoesNotExist", undefined, "w2"],
    ] as const
  ).map(
    ([operator, values, wants]): Case => ({
      what: `node affinity ${operator}`,
      nodes: { w1: { labels: { disk: "ssd" } }, w2: {} },
      pod: aPod("p", nodeAffinity({ key: "disk", operator, ...(values ? { values: [...values] } : {}) })),
      wants,
    }),
  ),
  ...(
    [
      ["Gt", "4", "w2"],
      ["Lt", "8", "w1"],
      ["Gt", "8", none(2, "2 node(s) didn't match Pod's node affinity/selector")],
    ] as const
  ).map(
    ([operator, value, wants]): Case => ({
      what: `node affinity ${operator} ${value}`,
      nodes: { w1: { labels: { cores: "4" } }, w2: { labels: { cores: "8" } } },
      pod: aPod("p", nodeAffinity({ key: "cores", operator, values: [value] })),
      wants,
    }),
  ),
  {
    what: "matchFields that contradict each other",
    nodes: two,
    pod: aPod("p", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchFields: [
                  { key: "metadata.name", operator: "In", values: ["w1"] },
                  { key: "metadata.name", operator: "In", values: ["w2"] },
                ],
              },
            ],
          },
        },
      },
    }),
    wants: none(2, "pod affinity terms conflict"),
  },
  {
    what: "host port, other protocol",
    nodes: { w1: {} },
    there: [aPod("o", port(53, { protocol: "UDP" }))],
    pod: aPod("p", port(53)),
    wants: "w1",
  },
  {
    what: "host port, other address",
    nodes: { w1: {} },
    there: [aPod("o", port(80, { hostIP: "127.0.0.1" }))],
    pod: aPod("p", port(80, { hostIP: "127.0.0.2" })),
    wants: "w1",
  },
  {
    what: "host port of all addresses",
    nodes: { w1: {} },
    there: [aPod("o", port(80, { hostIP: "127.0.0.1" }))],
    pod: aPod("p", port(80)),
    wants: none(1, "1 node(s) didn't have free ports for the requested pod ports"),
  },
  {
    what: "cpu and memory at once",
    nodes: { w1: {} },
    there: [aPod("o", asks("1500m", "3Gi"))],
    pod: aPod("p", asks("1", "2Gi")),
    wants: none(1, "1 Insufficient cpu, 1 Insufficient memory"),
  },
  {
    what: "too many pods",
    nodes: { w1: { room: { pods: "1" } } },
    there: [aPod("o")],
    pod: aPod("p"),
    wants: none(1, "1 Too many pods"),
  },
  {
    what: "what a node has none of",
    nodes: { w1: {} },
    pod: aPod("p", {
      containers: [
        {
          name: "w",
          image: "nginx",
          resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1" } },
        },
      ],
    }),
    wants: none(1, "1 Insufficient nvidia.com/gpu"),
  },
  {
    what: "reasons are sorted as texts, counts included",
    nodes: Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`w${i}`, i < 2 ? { unschedulable: true } : { room: { cpu: "1" } }]),
    ),
    pod: aPod("p", asks("4")),
    wants: none(12, "10 Insufficient cpu, 2 node(s) were unschedulable"),
  },
];

/** podtopologyspread/filtering_test.go, 1.35. */
const ofSpread: readonly Case[] = [
  {
    what: "the emptier zone",
    nodes: zones,
    there: [aPod("o", on("a1"), web)],
    pod: aPod("p", spread(), web),
    wants: "b1",
  },
  {
    what: "no zone may be ahead by two",
    nodes: zones,
    there: [aPod("o", on("b1"), web), aPod("o2", on("a1"), web), aPod("o3", on("a2"), web)],
    pod: aPod("p", { ...spread(), ...on("a1") }, web),
    // The selector leaves out zone b altogether, so that a is the only domain.
    wants: "a1",
  },
  {
    what: "the same with nodeAffinityPolicy Ignore",
    nodes: zones,
    there: [aPod("o2", on("a1"), web)],
    pod: aPod("p", { ...spread({ nodeAffinityPolicy: "Ignore" }), ...on("a1") }, web),
    wants: none(3, `1 ${UNSPREAD}, 2 node(s) didn't match Pod's node affinity/selector`),
  },
  {
    what: "a tainted domain counts by default",
    nodes: { ...zones, b1: { labels: { [ZONE]: "b" }, taints: [{ key: "x", effect: "NoSchedule" }] } },
    there: [aPod("o", on("a1"), web)],
    pod: aPod("p", spread(), web),
    wants: none(3, `1 node(s) had untolerated taint(s), 2 ${UNSPREAD}`),
  },
  {
    what: "and not with nodeTaintsPolicy Honor",
    nodes: { ...zones, b1: { labels: { [ZONE]: "b" }, taints: [{ key: "x", effect: "NoSchedule" }] } },
    there: [aPod("o", on("a1"), web)],
    pod: aPod("p", spread({ nodeTaintsPolicy: "Honor" }), web),
    wants: ["a1", "a2"],
  },
  {
    what: "too few domains: the least is none",
    nodes: zones,
    there: [aPod("o", on("a1"), web), aPod("o2", on("b1"), web)],
    pod: aPod("p", spread({ minDomains: 3 }), web),
    wants: none(3, `3 ${UNSPREAD}`),
  },
  {
    what: "a node without the label",
    nodes: { w1: {} },
    pod: aPod("p", spread(), web),
    wants: none(1, `1 ${UNSPREAD} (missing required label)`),
  },
  {
    what: "matchLabelKeys: another revision does not count",
    nodes: zones,
    there: [aPod("o", on("a1"), { ...web, rev: "1" }), aPod("o2", on("a2"), { ...web, rev: "1" })],
    pod: aPod("p", { ...spread({ matchLabelKeys: ["rev"] }), ...on("a1") }, { ...web, rev: "2" }),
    wants: "a1",
  },
  {
    what: "two constraints at once",
    nodes: zones,
    there: [aPod("o", on("a1"), web), aPod("o2", on("b1"), web)],
    pod: aPod(
      "p",
      {
        topologySpreadConstraints: [ZONE, HOST].map((topologyKey) => ({
          maxSkew: 1,
          topologyKey,
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: app("web"),
        })),
      },
      web,
    ),
    wants: "a2",
  },
  {
    what: "a pod that is not of those it counts",
    nodes: zones,
    there: [aPod("o", on("a1"), web)],
    pod: aPod("p", spread(), { app: "db" }),
    wants: ["a1", "a2", "b1"],
  },
];

/** interpodaffinity/filtering_test.go, 1.35. */
const ofAffinity: readonly Case[] = [
  {
    what: "near",
    nodes: two,
    there: [aPod("o", on("w2"), { app: "db" })],
    pod: aPod("p", near(term("db"))),
    wants: "w2",
  },
  {
    what: "near, in the same zone",
    nodes: zones,
    there: [aPod("o", on("a1"), { app: "db" })],
    pod: aPod("p", near(term("db", ZONE))),
    wants: ["a1", "a2"],
  },
  { what: "the first of its kind", nodes: two, pod: aPod("p", near(term("web")), web), wants: ["w1", "w2"] },
  {
    what: "the first of its kind needs the label",
    nodes: two,
    pod: aPod("p", near(term("web", "rack")), web),
    wants: none(2, "2 node(s) didn't match pod affinity rules"),
  },
  {
    what: "all terms must be met by the same pods",
    nodes: two,
    there: [aPod("o", on("w1"), { app: "db" }), aPod("o2", on("w1"), { app: "cache" })],
    pod: aPod("p", near(term("db"), term("cache"))),
    wants: none(2, "2 node(s) didn't match pod affinity rules"),
  },
  {
    what: "another namespace is not meant",
    nodes: { w1: {} },
    there: [aPod("o", {}, { app: "db" })],
    pod: aPod("p", near(term("db", HOST, { namespaces: ["kube-node-lease"] }))),
    wants: none(1, "1 node(s) didn't match pod affinity rules"),
  },
  {
    what: "an empty namespaceSelector means all",
    nodes: two,
    there: [aPod("o", on("w2"), { app: "db" })],
    pod: aPod("p", near(term("db", HOST, { namespaceSelector: {} }))),
    wants: "w2",
  },
  {
    what: "namespaceSelector by label",
    nodes: two,
    there: [aPod("o", on("w1"), { app: "db" })],
    pod: aPod(
      "p",
      apart(term("db", HOST, { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } } })),
    ),
    wants: "w2",
  },
  {
    what: "apart",
    nodes: two,
    there: [aPod("o", on("w1"), { app: "db" })],
    pod: aPod("p", apart(term("db"))),
    wants: "w2",
  },
  {
    what: "apart, in the whole zone",
    nodes: zones,
    there: [aPod("o", on("a1"), { app: "db" })],
    pod: aPod("p", apart(term("db", ZONE))),
    wants: "b1",
  },
  {
    what: "kept away by one that is there",
    nodes: { w1: {} },
    there: [aPod("o", apart(term("web")))],
    pod: aPod("p", {}, web),
    wants: none(1, "1 node(s) didn't satisfy existing pods anti-affinity rules"),
  },
  {
    what: "mismatchLabelKeys: other tenants only",
    nodes: two,
    there: [aPod("o", on("w1"), { app: "db", tenant: "1" }), aPod("o2", on("w2"), { app: "db", tenant: "2" })],
    pod: aPod("p", apart(term("db", HOST, { mismatchLabelKeys: ["tenant"] })), { tenant: "1" }),
    wants: "w1",
  },
  {
    what: "matchLabelKeys: the own revision only",
    nodes: two,
    there: [aPod("o", on("w1"), { app: "db", rev: "1" }), aPod("o2", on("w2"), { app: "db", rev: "2" })],
    pod: aPod("p", near(term("db", HOST, { matchLabelKeys: ["rev"] })), { rev: "2" }),
    wants: "w2",
  },
];

/** volumerestrictions, volumezone and nodevolumelimits tests, 1.35. */
const ofVolumes: readonly Case[] = [
  {
    what: "a disk that is in use",
    nodes: two,
    there: [aPod("o", { ...disk({ gcePersistentDisk: { pdName: "d" } }), ...on("w1") })],
    pod: aPod("p", disk({ gcePersistentDisk: { pdName: "d" } })),
    wants: "w2",
  },
  {
    what: "a disk that all only read",
    nodes: { w1: {} },
    there: [aPod("o", disk({ gcePersistentDisk: { pdName: "d", readOnly: true } }))],
    pod: aPod("p", disk({ gcePersistentDisk: { pdName: "d", readOnly: true } })),
    wants: "w1",
  },
  ...[
    { awsElasticBlockStore: { volumeID: "v" } },
    { iscsi: { targetPortal: "t", iqn: "iqn.2026-01.com.example:s", lun: 0 } },
    { rbd: { monitors: ["a", "b"], image: "i" } },
  ].map(
    (source): Case => ({
      what: `${Object.keys(source)} in use`,
      nodes: { w1: {} },
      there: [aPod("o", disk(source))],
      pod: aPod("p", disk(source)),
      wants: none(1, "1 node(s) had no available disk"),
    }),
  ),
  {
    what: "ReadWriteOncePod",
    nodes: two,
    objects: [volume("v", {}), claim("c", "v", "ReadWriteOncePod")],
    there: [aPod("o", claimed("c"))],
    pod: aPod("p", claimed("c")),
    wants: none(2, "2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"),
  },
  {
    what: "no such claim",
    nodes: two,
    pod: aPod("p", claimed("c")),
    wants: none(2, `persistentvolumeclaim "c" not found`),
  },
  {
    what: "a volume of a zone",
    nodes: zones,
    objects: [volume("v", { [ZONE]: "b" }), claim("c", "v")],
    pod: aPod("p", claimed("c")),
    wants: "b1",
  },
  {
    what: "a volume of no node's zone",
    nodes: zones,
    objects: [volume("v", { [ZONE]: "c__d" }), claim("c", "v")],
    pod: aPod("p", claimed("c")),
    wants: none(3, "3 node(s) had no available volume zone"),
  },
  {
    what: "a node without zones is in all",
    nodes: { w1: {} },
    objects: [volume("v", { [ZONE]: "b" }), claim("c", "v")],
    pod: aPod("p", claimed("c")),
    wants: "w1",
  },
  {
    what: "as many volumes as the driver takes",
    nodes: two,
    objects: [
      csiNode("w1", 1),
      csiNode("w2", 1),
      ...["1", "2", "3"].flatMap((n) => [volume(`v${n}`, {}, csi(n)), claim(`c${n}`, `v${n}`)]),
    ],
    there: [aPod("o", claimed("c1")), aPod("o2", claimed("c2"))],
    pod: aPod("p", claimed("c3")),
    wants: none(2, "2 node(s) exceed max volume count"),
  },
  {
    what: "a volume that is there already",
    nodes: { w1: {} },
    objects: [csiNode("w1", 1), volume("v1", {}, csi("1")), claim("c1", "v1")],
    there: [aPod("o", claimed("c1"))],
    pod: aPod("p", claimed("c1")),
    wants: "w1",
  },
];

describe.each([
  ["nodes", ofNodes],
  ["spread", ofSpread],
  ["affinity", ofAffinity],
  ["volumes", ofVolumes],
] as const)("%s", (_group, cases) => {
  test.each(cases.map((one) => [one.what, one] as const))(
    "%s",
    (_what, { nodes, objects = [], there = [], pod, wants }) => {
      const w = scheduling(nodes);
      for (const object of objects) w.api.create(object);
      place(w, ...there, pod);
      for (const other of there) expect(outcome(w, other.metadata.name)).not.toMatch(/available/);
      const found = outcome(w, "p");
      if (typeof wants === "string") expect(found).toBe(wants);
      else expect(wants).toContain(found);
    },
  );
});
