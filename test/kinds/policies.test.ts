import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { base64Of } from "../../src/base/base64.ts";
import { SECOND } from "../../src/base/clock.ts";
import { bytesOf } from "../../src/base/text-bytes.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { filled, kindOf, problemsOf, problemsOfUpdate, row, sent } from "./tools.ts";

// Words of kubernetes pkg/apis/{policy,core,networking,autoscaling,certificates}/validation, 1.35; requests made by openssl 3.

const requestText = (name: string) => readFileSync(new URL(`../corpus/x509/${name}.csr`, import.meta.url), "utf8");
const requestOf = (name: string) => base64Of(bytesOf(requestText(name)));
const csr = (fields: object = {}) => ({
  spec: {
    request: requestOf("rsa"),
    signerName: "kubernetes.io/kube-apiserver-client",
    usages: ["client auth"],
    ...fields,
  },
});
const hpa = (fields: object = {}) => ({
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3, ...fields },
});
const policy = (spec: object) => ({ spec: { podSelector: {}, ...spec } });
const limits = (limit: object) => ({ spec: { limits: [{ type: "Container", ...limit }] } });

test("a request is signed by the key that it is for", () => {
  for (const name of ["rsa", "ecdsa"]) {
    const lines = requestText(name).trim().split("\n");
    // Another name in it: the first line holds the subject.
    const changed = lines
      .map((line, i) => (i === 1 ? line.replace("amFuZQ", "amFuZg").replace(/.$/, "B") : line))
      .join("\n");
    expect(problemsOf("certificatesigningrequests", csr({ request: base64Of(bytesOf(changed)) }))[0]).toMatch(
      /^spec.request: Invalid value: "LS0t.*": (x509: signature check failed|asn1: structure error: tags don't match)$/,
    );
  }
  const [problem] = problemsOf("certificatesigningrequests", csr({ request: "aGVsbG8=" }));
  expect(problem).toBe('spec.request: Invalid value: "aGVsbG8=": PEM block type must be CERTIFICATE REQUEST');
});

describe("what may not change", () => {
  test.each([
    [
      "resourcequotas",
      { spec: { scopes: ["BestEffort"] } },
      { spec: {} },
      "spec.scopes: Invalid value: null: field is immutable",
    ],
    [
      "ingressclasses",
      { spec: { controller: "a.b/c" } },
      { spec: { controller: "a.b/d" } },
      'spec.controller: Invalid value: "a.b/d": field is immutable',
    ],
    ["runtimeclasses", { handler: "a" }, { handler: "b" }, 'handler: Invalid value: "b": field is immutable'],
  ])("%s", (plural, before, after, problem) => {
    expect(problemsOfUpdate(plural, before, after)).toEqual([problem]);
    expect(problemsOfUpdate(plural, before, before)).toEqual([]);
  });

  test("the spec of a certificate request is put back", () => {
    const [object, old] = [
      filled("certificatesigningrequests", csr({ usages: ["any"] })),
      filled("certificatesigningrequests", csr()),
    ];
    kindOf("certificatesigningrequests").prepareForUpdate?.(object, old);
    expect(object.spec).toEqual(old.spec);
  });
});

test("who asks for a certificate is written down", () => {
  const object = filled("certificatesigningrequests", csr({ username: "root", groups: ["system:masters"] }));
  kindOf("certificatesigningrequests").prepareForCreate?.(object, {
    name: "jane",
    groups: ["dev"],
    extra: { k: ["v"] },
  });
  expect(object.spec).toMatchObject({ username: "jane", groups: ["dev"], extra: { k: ["v"] } });
});

describe("defaults", () => {
  test.each([
    [
      "limitranges",
      limits({ max: { cpu: "1000m" }, min: { memory: "1Mi" } }),
      {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "1" },
              min: { memory: "1Mi" },
              default: { cpu: "1" },
              defaultRequest: { cpu: "1", memory: "1Mi" },
            },
          ],
        },
      },
    ],
    [
      "limitranges",
      { spec: { limits: [{ type: "Pod", max: { cpu: 2 } }] } },
      { spec: { limits: [{ type: "Pod", max: { cpu: "2" } }] } },
    ],
    [
      "networkpolicies",
      policy({ ingress: [{ ports: [{ port: 80 }] }] }),
      policy({ ingress: [{ ports: [{ port: 80, protocol: "TCP" }] }], policyTypes: ["Ingress"] }),
    ],
    ["networkpolicies", policy({ egress: [{}] }), policy({ egress: [{}], policyTypes: ["Ingress", "Egress"] })],
    [
      "ingressclasses",
      { spec: { parameters: { kind: "K", name: "n" } } },
      { spec: { parameters: { kind: "K", name: "n", scope: "Cluster" } } },
    ],
  ])("%s", (plural, given, wanted) => {
    expect(filled(plural, given as Record<string, unknown>)).toMatchObject(wanted as object);
    expect(Object.keys(filled(plural, given as Record<string, unknown>).spec as object)).toEqual(
      Object.keys((wanted as { spec: object }).spec),
    );
  });

  test("an autoscaler looks at the CPU, and behaves as usual", () => {
    const { spec } = filled(
      "horizontalpodautoscalers",
      hpa({ behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } }),
    );
    expect(spec).toMatchObject({
      minReplicas: 1,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Pods", value: 4, periodSeconds: 15 },
            { type: "Percent", value: 100, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 60,
          selectPolicy: "Max",
          policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
        },
      },
    });
  });
});

const resource = (name: string, target: object) => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", ...target } },
});
const now = 1_800_000_000 * SECOND;

test.each([
  [
    "poddisruptionbudgets",
    { spec: { minAvailable: "50%" }, status: { disruptionsAllowed: 2 } },
    { "Min Available": "50%", "Max Unavailable": "N/A", "Allowed Disruptions": 2 },
  ],
  [
    "resourcequotas",
    { status: { hard: { pods: "4", "limits.cpu": "2", cpu: "1" }, used: { pods: "3", "limits.cpu": "500m" } } },
    { Request: "cpu: 0/1, pods: 3/4", Limit: "limits.cpu: 500m/2" },
  ],
  [
    "horizontalpodautoscalers",
    hpa({ metrics: [resource("cpu", { averageUtilization: 80 })] }),
    { Reference: "Deployment/web", Targets: "cpu: <unknown>/80%", MinPods: "<unset>", MaxPods: 3, Replicas: 0 },
  ],
  [
    "horizontalpodautoscalers",
    {
      ...hpa({
        metrics: [
          resource("cpu", { averageUtilization: 80 }),
          resource("memory", { averageValue: "1Gi" }),
          { type: "Odd" },
        ],
      }),
      status: {
        currentMetrics: [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 12 } } }],
      },
    },
    { Targets: "cpu: 12%/80%, memory: <unknown>/1Gi + 1 more..." },
  ],
  [
    "ingresses",
    {
      spec: { rules: [{ host: "a" }, { host: "b" }, { host: "c" }, { host: "d" }, {}], tls: [{}] },
      status: { loadBalancer: { ingress: [{ ip: "10.0.0.2" }, { hostname: "h" }] } },
    },
    { Class: "<none>", Hosts: "a,b,c + 2 more...", Address: "10.0.0.2,h", Ports: "80, 443" },
  ],
  [
    "ingresses",
    { spec: { ingressClassName: "nginx", rules: [{}] } },
    { Class: "nginx", Hosts: "*", Address: "", Ports: "80" },
  ],
  [
    "ingressclasses",
    { spec: { controller: "k8s.io/x", parameters: { apiGroup: "g", kind: "K", name: "n" } } },
    { Controller: "k8s.io/x", Parameters: "K.g/n" },
  ],
  ["networkpolicies", policy({}), { "Pod-Selector": "<none>" }],
  ["networkpolicies", policy({ podSelector: { matchLabels: { b: "1", a: "2" } } }), { "Pod-Selector": "a=2,b=1" }],
  [
    "certificatesigningrequests",
    csr({ username: "jane" }),
    {
      SignerName: "kubernetes.io/kube-apiserver-client",
      Requestor: "jane",
      RequestedDuration: "<none>",
      Condition: "Pending",
    },
  ],
  [
    "certificatesigningrequests",
    {
      ...csr({ expirationSeconds: 86400 }),
      status: { conditions: [{ type: "Approved", status: "True" }], certificate: "eA==" },
    },
    { RequestedDuration: "24h", Condition: "Approved,Issued" },
  ],
  [
    "certificatesigningrequests",
    {
      ...csr(),
      status: {
        conditions: [
          { type: "Approved", status: "True" },
          { type: "Failed", status: "True" },
        ],
      },
    },
    { Condition: "Approved,Failed" },
  ],
  ["runtimeclasses", { handler: "runsc" }, { Handler: "runsc" }],
])("cells of %s", (plural, fields, cells) => {
  expect(row(plural, sent(plural, fields as Record<string, unknown>), now)).toMatchObject(cells);
});

test("autoscaling/v1 shows what v2 stores, and gives it back", () => {
  const older = kinds.find(
    ({ group, version, plural }) =>
      group === "autoscaling" && version === "v1" && plural === "horizontalpodautoscalers",
  );
  const memory = resource("memory", { averageValue: "1Gi" });
  const stored = sent("horizontalpodautoscalers", {
    ...hpa({ minReplicas: 1, metrics: [resource("cpu", { averageUtilization: 80 }), memory] }),
    status: { currentMetrics: null, desiredReplicas: 0, conditions: [{ type: "AbleToScale", status: "True" }] },
  });
  const shown = older?.storedAs?.fromStored(stored) as KubeObject;
  expect(shown).toMatchObject({
    apiVersion: "autoscaling/v1",
    spec: { targetCPUUtilizationPercentage: 80, maxReplicas: 3 },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  });
  expect(shown.metadata.annotations?.["autoscaling.alpha.kubernetes.io/metrics"]).toBe(JSON.stringify([memory]));
  const back = older?.storedAs?.toStored(shown) as KubeObject;
  expect(back.spec).toEqual(stored.spec);
  expect(back.metadata).toEqual(stored.metadata);
  expect(back.status).toMatchObject({ conditions: [{ type: "AbleToScale", status: "True" }] });
  expect(older?.columns.map((column) => column.cell(shown, now))).toEqual(
    Object.values(row("horizontalpodautoscalers", stored, now)),
  );
});
