import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../src/kinds/unified-diff.ts";
import { filled, kindOf, problemsOfUpdate, texts } from "./tools.ts";

const a = { name: "a", image: "a:1" };
const pod = (spec: object = {}, container: object = {}) => ({
  spec: { containers: [{ ...a, ...container }], ...spec },
});
const selector = (app: string) => ({
  spec: { selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec: { containers: [a] } } },
});
const claim = (spec: object, status: object = { phase: "Bound", capacity: { storage: "1Gi" } }) => ({
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "s",
    volumeName: "pv",
    ...spec,
  },
  status,
});
const sizeOf = (storage: string) => ({ resources: { requests: { storage } } });
const binding = (name: string) => ({ roleRef: { kind: "Role", name }, subjects: [{ kind: "User", name: "u" }] });
const service = (spec: object) => ({
  spec: {
    type: "ClusterIP",
    clusterIP: "10.96.0.5",
    clusterIPs: ["10.96.0.5"],
    ipFamilies: ["IPv4"],
    ports: [{ port: 80 }],
    ...spec,
  },
});

type Case = readonly [
  plural: string,
  name: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  problems: readonly string[],
];

const cases: readonly Case[] = [
  ["pods", "image", pod(), pod({}, { image: "a:2" }), []],
  ["pods", "deadline, first", pod(), pod({ activeDeadlineSeconds: 10 }), []],
  [
    "pods",
    "deadline, longer",
    pod({ activeDeadlineSeconds: 10 }),
    pod({ activeDeadlineSeconds: 20 }),
    ["spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value"],
  ],
  [
    "pods",
    "deadline, gone",
    pod({ activeDeadlineSeconds: 10 }),
    pod(),
    ["spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"],
  ],
  [
    "pods",
    "another container",
    pod(),
    { spec: { containers: [a, { name: "b", image: "b:1" }] } },
    ["spec.containers: Forbidden: pod updates may not add or remove containers"],
  ],
  [
    "pods",
    "more tolerations",
    pod({ tolerations: [{ key: "a", operator: "Exists" }] }),
    pod({
      tolerations: [
        { key: "a", operator: "Exists", tolerationSeconds: 5 },
        { key: "b", operator: "Exists" },
      ],
    }),
    [],
  ],
  [
    "pods",
    "fewer tolerations",
    pod({ tolerations: [{ key: "a", operator: "Exists" }] }),
    pod(),
    ["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
  ],
  ["pods", "gates go", pod({ schedulingGates: [{ name: "a/b" }] }), pod(), []],
  [
    "pods",
    "gates come",
    pod(),
    pod({ schedulingGates: [{ name: "a/b" }] }),
    ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a/b'"],
  ],
  [
    "pods",
    "a gated pod may be told more of its node",
    pod({ schedulingGates: [{ name: "a/b" }] }),
    pod({ schedulingGates: [{ name: "a/b" }], nodeSelector: { disk: "ssd" } }),
    [],
  ],
  ["pods", "empty lists are none", pod(), pod({ volumes: [] }), []],
  [
    "deployments",
    "selector",
    selector("x"),
    selector("y"),
    ['spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
  ],
  [
    "replicasets",
    "selector",
    selector("x"),
    selector("y"),
    ['spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
  ],
  [
    "daemonsets",
    "selector",
    selector("x"),
    selector("y"),
    ['spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
  ],
  ["deployments", "template", selector("x"), { spec: { ...selector("x").spec, replicas: 5 } }, []],
  [
    "rolebindings",
    "role",
    binding("x"),
    binding("y"),
    [
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"y"}: cannot change roleRef',
    ],
  ],
  ["rolebindings", "subjects", binding("x"), { ...binding("x"), subjects: [] }, []],
  [
    "configmaps",
    "immutable",
    { immutable: true, data: { a: "1" } },
    { immutable: true, data: { a: "2" } },
    ["data: Forbidden: field is immutable when `immutable` is set"],
  ],
  [
    "configmaps",
    "no longer immutable",
    { immutable: true, data: { a: "1" } },
    { data: { a: "1" } },
    ["immutable: Forbidden: field is immutable when `immutable` is set"],
  ],
  ["configmaps", "from now on", { data: { a: "1" } }, { immutable: true, data: { a: "2" } }, []],
  ["secrets", "type", { type: "a" }, { type: "b" }, ['type: Invalid value: "b": field is immutable']],
  [
    "storageclasses",
    "all",
    { provisioner: "p", parameters: { a: "1" } },
    { provisioner: "q", parameters: { a: "2" }, reclaimPolicy: "Retain", volumeBindingMode: "WaitForFirstConsumer" },
    [
      "parameters: Forbidden: updates to parameters are forbidden.",
      "provisioner: Forbidden: updates to provisioner are forbidden.",
      "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ],
  ],
  ["storageclasses", "growth", { provisioner: "p" }, { provisioner: "p", allowVolumeExpansion: true }, []],
  ["priorityclasses", "value", { value: 1 }, { value: 2 }, ["value: Forbidden: may not be changed in an update."]],
  ["persistentvolumeclaims", "more", claim({}), claim(sizeOf("2Gi")), []],
  [
    "persistentvolumeclaims",
    "less",
    claim(sizeOf("2Gi"), { phase: "Bound", capacity: { storage: "2Gi" } }),
    claim({}),
    ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
  ],
  [
    "persistentvolumeclaims",
    "bound by the controller",
    claim({ volumeName: undefined }, { phase: "Pending" }),
    claim({}, { phase: "Pending" }),
    [],
  ],
  [
    "persistentvolumeclaims",
    "default class comes late",
    claim({ storageClassName: undefined }, { phase: "Pending" }),
    claim({}, { phase: "Pending" }),
    [],
  ],
  [
    "services",
    "address",
    service({}),
    service({ clusterIP: "10.96.0.6", clusterIPs: ["10.96.0.6"] }),
    ['spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set'],
  ],
  ["services", "type", service({}), service({ type: "NodePort" }), []],
  [
    "nodes",
    "pod network",
    { spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] } },
    { spec: { podCIDRs: ["10.244.1.0/24"] } },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
  [
    "nodes",
    "the single pod network",
    { spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] } },
    { spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.0.0/24"] } },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
  [
    "controllerrevisions",
    "data",
    { revision: 1, data: { a: 1 } },
    { revision: 2, data: { a: 2 } },
    ['data: Invalid value: {"a":2}: field is immutable'],
  ],
  [
    "endpointslices",
    "type",
    { addressType: "IPv4" },
    { addressType: "IPv6" },
    ['addressType: Invalid value: "IPv6": field is immutable'],
  ],
];

test.each(cases)("%s: %s", (plural, _name, before, after, problems) => {
  expect(problemsOfUpdate(plural, before, after)).toEqual(problems);
});

test("an unchanged object has no problems", () => {
  for (const [plural, , before] of cases) expect(problemsOfUpdate(plural, before, before)).toEqual([]);
});

describe("what may not change in a pod is told as a difference", () => {
  const [text = ""] = problemsOfUpdate(
    "pods",
    pod({ nodeName: "w1" }),
    pod({ nodeName: "w1" }, { command: ["sleep"], image: "a:2" }),
  );
  const lines = text.split("\n");

  test("the sentence", () => {
    expect(lines[0]).toBe(
      "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    );
  });

  test("the difference: Go's names, nothing of what may change", () => {
    expect(lines.slice(1)).toEqual([
      "@@ -5,7 +5,9 @@",
      "     {",
      '       "Name": "a",',
      '       "Image": "a:1",',
      '-      "Command": null,',
      '+      "Command": [',
      '+        "sleep"',
      "+      ],",
      '       "Args": null,',
      '       "WorkingDir": "",',
      '       "Ports": null,',
      "",
    ]);
  });

  test("host namespaces stand in the security context", () => {
    const [diff = ""] = problemsOfUpdate("pods", pod(), pod({ hostPID: true }));
    expect(diff).toContain('\n     "HostNetwork": false,\n-    "HostPID": false,\n+    "HostPID": true,\n');
  });
});

test("a claim's difference", () => {
  const [text = ""] = problemsOfUpdate("persistentvolumeclaims", claim({}), claim({ storageClassName: "t" }));
  expect(text.split("\n")).toEqual([
    "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    "@@ -10,7 +10,7 @@",
    "     }",
    "   },",
    '   "VolumeName": "pv",',
    '-  "StorageClassName": "s",',
    '+  "StorageClassName": "t",',
    '   "VolumeMode": "Filesystem",',
    '   "DataSource": null,',
    '   "DataSourceRef": null,',
    "",
  ]);
});

test("a volume's difference", () => {
  const volume = (path: string) => ({ spec: { hostPath: { path } } });
  const [text = ""] = problemsOfUpdate("persistentvolumes", volume("/a"), volume("/b"));
  expect(text).toContain(
    "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@\n",
  );
  expect(text).toContain('-    "Path": "/a",\n+    "Path": "/b",\n');
});

describe("unified differences", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
  const without = (lines: readonly string[], ...gone: string[]) => lines.filter((line) => !gone.includes(line));

  test.each([
    ["equal", ["a"], ["a"], ""],
    ["one line", ["a"], ["b"], "@@ -1 +1 @@\n-a\n+b\n"],
    ["from nothing", [], ["a"], "@@ -0,0 +1 @@\n+a\n"],
    ["to nothing", ["a", "b"], [], "@@ -1,2 +0,0 @@\n-a\n-b\n"],
  ])("%s", (_name, before, after, diff) => {
    expect(unifiedDiff(before, after)).toBe(diff);
  });

  test("far changes are apart, near ones together", () => {
    const lines = numbers(20);
    const apart = unifiedDiff(lines, without(lines, "3", "15"));
    expect(apart.match(/^@@.*$/gm)).toEqual(["@@ -1,6 +1,5 @@", "@@ -12,7 +11,6 @@"]);
    const together = unifiedDiff(lines, without(lines, "3", "10"));
    expect(together.match(/^@@.*$/gm)).toEqual(["@@ -1,13 +1,11 @@"]);
  });
});

test("a pod's problems are looked for on a change as well", () => {
  expect(texts(kindOf("pods").problems?.(filled("pods", pod({ restartPolicy: "x" }))))).toHaveLength(1);
});
