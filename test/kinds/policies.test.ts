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
const backend = { service: { name: "web", port: { number: 80 } } };
const ingress = (path: object) => ({
  spec: { rules: [{ http: { paths: [{ pathType: "Prefix", backend, ...path }] } }] },
});
const policy = (spec: object) => ({ spec: { podSelector: {}, ...spec } });
const limits = (limit: object) => ({ spec: { limits: [{ type: "Container", ...limit }] } });

const cases: readonly (readonly [
  plural: string,
  name: string,
  fields: Record<string, unknown>,
  problems: readonly string[],
])[] = [
  ["poddisruptionbudgets", "right", { spec: { minAvailable: "50%" } }, []],
  [
    "poddisruptionbudgets",
    "both, and too much",
    { spec: { minAvailable: 1, maxUnavailable: "101%", unhealthyPodEvictionPolicy: "Never" } },
    [
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"101%","UnhealthyPodEvictionPolicy":"Never"}: minAvailable and maxUnavailable cannot be both set',
      'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ],
  [
    "poddisruptionbudgets",
    "negative",
    { spec: { minAvailable: -1 } },
    ["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
  ],
  [
    "resourcequotas",
    "right",
    { spec: { hard: { "count/jobs.batch": "2", "requests.example.com/gpu": "1", cpu: "500m" } } },
    [],
  ],
  [
    "resourcequotas",
    "names and amounts",
    { spec: { hard: { foo: "1", pods: "1500m", cpu: "-1", storage: "1Gi" } } },
    [
      'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota',
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
    ],
  ],
  [
    "resourcequotas",
    "scopes",
    { spec: { hard: { services: "1" }, scopes: ["Terminating", "NotTerminating", "Odd"] } },
    [
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","Odd"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","Odd"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","Odd"]: unsupported scope',
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","Odd"]: conflicting scopes',
    ],
  ],
  [
    "resourcequotas",
    "scope selector",
    { spec: { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } } },
    [
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  ],
  ["limitranges", "right", limits({ max: { cpu: "1" }, min: { cpu: "100m" } }), []],
  [
    "limitranges",
    "amounts that contradict",
    limits({
      max: { cpu: "1" },
      min: { cpu: "2" },
      default: { cpu: "3" },
      defaultRequest: { cpu: "4" },
      maxLimitRequestRatio: { cpu: "500m" },
    }),
    [
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than default limit value 3',
      'spec.limits[0].default[cpu]: Invalid value: "1": default value 3 is greater than max value 1',
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  ],
  [
    "limitranges",
    "types",
    {
      spec: {
        limits: [
          { type: "Pod", default: { cpu: "1" } },
          { type: "Pod" },
          { type: "Odd" },
          { type: "PersistentVolumeClaim" },
        ],
      },
    },
    [
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      'spec.limits[1].type: Duplicate value: "Pod"',
      'spec.limits[2].type: Invalid value: "Odd": must be a standard limit type or fully qualified',
      "spec.limits[3].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
    ],
  ],
  ["ingresses", "right", ingress({ path: "/x" }), []],
  [
    "ingresses",
    "nothing",
    { spec: {} },
    ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
  ],
  [
    "ingresses",
    "paths",
    ingress({ path: "x//y/.", backend: {} }),
    [
      'spec.rules[0].http.paths[0].path: Invalid value: "x//y/.": must be an absolute path',
      `spec.rules[0].http.paths[0].path: Invalid value: "x//y/.": must not contain '//'`,
      `spec.rules[0].http.paths[0].path: Invalid value: "x//y/.": cannot end with '/.'`,
      'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
    ],
  ],
  [
    "ingresses",
    "no path type",
    ingress({ pathType: undefined }),
    ["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
  ],
  [
    "ingresses",
    "hosts and ports",
    { spec: { rules: [{ host: "10.0.0.1" }, { host: "*.*.x" }], defaultBackend: { service: { name: "web" } } } },
    [
      "spec.defaultBackend: Required value: port name or number is required",
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
      `spec.rules[1].host: Invalid value: "*.*.x": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  ],
  [
    "ingressclasses",
    "controller and parameters",
    { spec: { controller: "nginx", parameters: { kind: "", name: "x", scope: "Namespace" } } },
    [
      'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
      "spec.parameters.kind: Required value",
      "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
    ],
  ],
  [
    "networkpolicies",
    "right",
    policy({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }] }),
    [],
  ],
  [
    "networkpolicies",
    "peers and ports",
    policy({
      ingress: [
        {
          from: [
            {},
            { podSelector: {}, ipBlock: { cidr: "x" } },
            { ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] } },
          ],
          ports: [
            { port: 80, endPort: 79 },
            { port: "web", endPort: 1 },
            { port: 0, protocol: "ICMP" },
          ],
        },
      ],
      policyTypes: ["Both"],
    }),
    [
      "spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`",
      "spec.ingress[0].ports[1].endPort: Invalid value: 1: may not be specified when `port` is non-numeric",
      'spec.ingress[0].ports[2].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
      "spec.ingress[0].ports[2].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ingress[0].from[0]: Required value: must specify a peer",
      'spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      "spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer",
      'spec.ingress[0].from[2].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ],
  ],
  ["horizontalpodautoscalers", "right", hpa(), []],
  [
    "horizontalpodautoscalers",
    "bounds and target",
    hpa({ minReplicas: 4, scaleTargetRef: { kind: "", name: "a/b" } }),
    [
      "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
      "spec.scaleTargetRef.kind: Required value",
      `spec.scaleTargetRef.name: Invalid value: "a/b": may not contain '/'`,
    ],
  ],
  [
    "horizontalpodautoscalers",
    "metrics and behavior",
    hpa({
      minReplicas: 0,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 0 } } },
        { type: "Pods", resource: { name: "cpu", target: { type: "Odd" } } },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 3601, policies: [{ type: "Odd", value: 0, periodSeconds: 1801 }] },
      },
    }),
    [
      "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
      "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
      'spec.metrics[1].resource.target.type: Invalid value: "Odd": must be either Utilization, Value, or AverageValue',
      "spec.metrics[1].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
      "spec.metrics[1].pods: Required value: must populate information for the given metric source",
      "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
      'spec.behavior.scaleUp.policies[0].type: Unsupported value: "Odd": supported values: "Percent", "Pods"',
      "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
      "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
    ],
  ],
  ["certificatesigningrequests", "RSA", csr(), []],
  ["certificatesigningrequests", "ECDSA", csr({ request: requestOf("ecdsa") }), []],
  [
    "certificatesigningrequests",
    "the rest",
    csr({ signerName: "kubernetes.io/legacy-unknown", usages: ["client auth", "client auth"], expirationSeconds: 599 }),
    [
      'spec.usages[1]: Duplicate value: "client auth"',
      'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
      "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)",
    ],
  ],
  [
    "certificatesigningrequests",
    "the signer's name",
    csr({ signerName: "local/a_b" }),
    [
      'spec.signerName: Invalid value: "local": should be a domain with at least two segments separated by dots',
      `spec.signerName: Invalid value: "a_b": validating label "a_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  ],
  ["runtimeclasses", "no handler", {}, ["handler: Required value"]],
];

test.each(cases)("%s: %s", (plural, _name, fields, problems) => {
  expect(problemsOf(plural, fields)).toEqual(problems);
});

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
