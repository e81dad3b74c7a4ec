import { describe, expect, test } from "vitest";
import { type JsonObject, parseJson } from "../../../src/base/json.ts";
import { type AuditPolicy, readPolicy, recordedOf } from "../../../src/cluster/apiserver/audit/policy.ts";
import type { Attributes } from "../../../src/cluster/apiserver/authorization/authorizer.ts";
import type { UserInfo } from "../../../src/cluster/apiserver/define.ts";
import { configMapNamed, world } from "./setup.ts";

const head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
const policyOf = (rules: string, more = ""): AuditPolicy => {
  const policy = readPolicy(`${head}${more}rules:\n${rules}`, "/p");
  if (typeof policy === "string") throw new Error(policy);
  return policy;
};

// Expectations: apiserver pkg/audit/policy/reader.go and pkg/apis/audit/validation, 1.35.
describe("a policy that cannot be used", () => {
  const invalid = (what: string) => `loading audit policy file: ${what}: from file /p`;
  const cases: readonly (readonly [string, string, string])[] = [
    ["no rules", `${head}rules: []\n`, invalid("loaded illegal policy with 0 rules")],
    ["no level", `${head}rules: [{users: [a]}]\n`, invalid("rules[0].level: Required value")],
    [
      "an unknown level",
      `${head}rules: [{level: metadata}]\n`,
      invalid(
        'rules[0].level: Unsupported value: "metadata": supported values: "Metadata", "None", "Request", "RequestResponse"',
      ),
    ],
    [
      "a group with its version",
      `${head}rules: [{level: None, resources: [{group: apps/v1}]}]\n`,
      invalid(
        "rules[0].resources.group: Invalid value: \"apps/v1\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ),
    ],
    [
      "names without resources",
      `${head}rules: [{level: None, resources: [{group: "", resourceNames: [a]}]}]\n`,
      invalid(
        'rules[0].resources.resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource',
      ),
    ],
    [
      "a path without its slash",
      `${head}rules: [{level: None, nonResourceURLs: [healthz]}]\n`,
      invalid(
        "rules[0].nonResourceURLs[0]: Invalid value: \"healthz\": non-resource URL rules must begin with a '/' character",
      ),
    ],
    [
      "a star within a path",
      `${head}rules: [{level: None, nonResourceURLs: ["/a*b"]}]\n`,
      invalid(
        "rules[0].nonResourceURLs[0]: Invalid value: \"/a*b\": non-resource URL wildcards '*' must be the final character of the rule",
      ),
    ],
    [
      "paths and resources",
      `${head}rules: [{level: None, nonResourceURLs: ["*"], namespaces: [a]}]\n`,
      invalid(
        'rules[0].nonResourceURLs: Invalid value: ["*"]: rules cannot apply to both regular resources and non-resource URLs',
      ),
    ],
    [
      "an unknown stage",
      `${head}rules: [{level: None, omitStages: [Received]}]\n`,
      invalid(
        'rules[0].omitStages[0]: Invalid value: "Received": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
      ),
    ],
    [
      "two faults",
      `${head}rules: [{level: A}, {users: [a]}]\n`,
      invalid(
        '[rules[0].level: Unsupported value: "A": supported values: "Metadata", "None", "Request", "RequestResponse", rules[1].level: Required value]',
      ),
    ],
    ["no kind", "rules: []\n", invalid("failed decoding: Object 'Kind' is missing in '{\"rules\":[]}'")],
    [
      "another version",
      "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\n",
      invalid(
        'failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v1beta1" in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"',
      ),
    ],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    expect(readPolicy(text, "/p")).toBe(expected);
  });
});

// Expectations: apiserver pkg/audit/policy/checker.go, 1.35.
describe("which rule is for a request", () => {
  const jane: UserInfo = { name: "jane", groups: ["devs"] };
  const pods: Attributes = { verb: "get", group: "", resource: "pods", namespace: "default", name: "p" };
  const policy = policyOf(`
- {level: None, users: [system:kube-proxy]}
- {level: None, nonResourceURLs: ["/healthz*", /version]}
- {level: Metadata, resources: [{group: "", resources: [secrets, configmaps], resourceNames: [special]}]}
- {level: RequestResponse, resources: [{group: "", resources: [pods/log, "*/status"]}]}
- {level: Request, userGroups: [devs], verbs: [create], namespaces: [default]}
- {level: Metadata, resources: [{group: apps}]}
- {level: Request, resources: [{group: batch, resources: ["jobs/*"]}]}
- {level: Metadata, namespaces: [""], resources: [{group: "", resources: ["*"]}]}
`);
  const cases: readonly (readonly [string, UserInfo, Attributes, string])[] = [
    ["a user", { name: "system:kube-proxy", groups: [] }, pods, "None"],
    ["a path", jane, { verb: "get", path: "/healthz/etcd" }, "None"],
    ["a path in full", jane, { verb: "get", path: "/version" }, "None"],
    ["no rule for a path", jane, { verb: "get", path: "/metrics" }, "None"],
    ["a name", jane, { ...pods, resource: "secrets", name: "special" }, "Metadata"],
    ["another name", jane, { ...pods, resource: "secrets" }, "None"],
    ["a subresource", jane, { ...pods, subresource: "log" }, "RequestResponse"],
    ["a subresource of anything", jane, { ...pods, resource: "nodes", subresource: "status" }, "RequestResponse"],
    ["the resource is not its subresource", jane, pods, "None"],
    ["group, verb and namespace", jane, { ...pods, verb: "create" }, "Request"],
    ["another group", { name: "bob", groups: ["ops"] }, { ...pods, verb: "create" }, "None"],
    ["another namespace", jane, { ...pods, verb: "create", namespace: "x" }, "None"],
    ["a whole API group", jane, { ...pods, group: "apps", resource: "deployments" }, "Metadata"],
    ["all below a resource", jane, { ...pods, group: "batch", resource: "jobs", subresource: "status" }, "Request"],
    ["what lies in no namespace", jane, { verb: "list", group: "", resource: "nodes" }, "Metadata"],
  ];
  test.each(cases)("%s", (_, user, attributes, level) => {
    expect(recordedOf(policy, user, attributes).level).toBe(level);
  });
});

const security = "pod-security.kubernetes.io/";

function open(rules: string, more = "", format: "json" | "legacy" = "json") {
  const lines: string[] = [];
  const audit = { policy: policyOf(rules, more), format, write: (line: string) => void lines.push(line) };
  const made = world({
    flags: { "authorization-mode": "RBAC", "advertise-address": "10.0.0.1" },
    audit,
    verifyToken: (token) => (token === "root" ? { name: "root", groups: ["system:masters"] } : undefined),
  });
  lines.length = 0;
  const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    made.server.handle({
      method,
      path,
      headers: {
        authorization: "Bearer root",
        "user-agent": "kubectl/v1.35.0 (linux/amd64) kubernetes/6645204",
        ...headers,
      },
      from: "10.0.0.9",
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  return { ...made, ask, lines, events: () => lines.map((line) => parseJson(line) as JsonObject) };
}

// Expectations: recorded events of kubeadm clusters of 1.35 (their shape and the order of their fields).
describe("events", () => {
  const time = "2026-01-02T03:04:05.000000Z";
  test("of a read, before and after", () => {
    const { ask, events } = open("- level: Metadata\n");
    ask("GET", "/api/v1/namespaces/default/secrets/db");
    const [received, complete] = events();
    const common = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: received?.auditID,
      requestURI: "/api/v1/namespaces/default/secrets/db",
      verb: "get",
      user: { username: "root", groups: ["system:masters", "system:authenticated"] },
      sourceIPs: ["10.0.0.9"],
      userAgent: "kubectl/v1.35.0 (linux/amd64) kubernetes/6645204",
      objectRef: { resource: "secrets", namespace: "default", name: "db", apiVersion: "v1" },
      requestReceivedTimestamp: time,
      stageTimestamp: time,
    };
    expect(received).toEqual({ ...common, stage: "RequestReceived" });
    expect(complete).toEqual({
      ...common,
      stage: "ResponseComplete",
      responseStatus: {
        metadata: {},
        status: "Failure",
        message: 'secrets "db" not found',
        reason: "NotFound",
        details: { name: "db", kind: "secrets" },
        code: 404,
      },
      annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    });
    expect(Object.keys(complete ?? {})).toEqual([
      "kind",
      "apiVersion",
      "level",
      "auditID",
      "stage",
      "requestURI",
      "verb",
      "user",
      "sourceIPs",
      "userAgent",
      "objectRef",
      "responseStatus",
      "requestReceivedTimestamp",
      "stageTimestamp",
      "annotations",
    ]);
  });

  test("levels: the request, and the response", () => {
    const body = configMapNamed("a");
    const at = (level: string) => {
      const { ask, events } = open(`- {level: ${level}, omitStages: [RequestReceived]}\n`);
      ask("POST", "/api/v1/namespaces/default/configmaps", body);
      const [event] = events();
      return [
        event?.requestObject !== undefined,
        (event?.responseObject as JsonObject | undefined)?.kind,
        event?.objectRef,
      ];
    };
    const objectRef = { resource: "configmaps", namespace: "default", name: "a", apiVersion: "v1" };
    expect(at("Metadata")).toEqual([false, undefined, objectRef]);
    expect(at("Request")).toEqual([true, undefined, objectRef]);
    expect(at("RequestResponse")).toEqual([true, "ConfigMap", objectRef]);
  });

  test("managed fields are left out where the policy says so, and a rule may say otherwise", () => {
    const shown = (rule: string, more = "") => {
      const { ask, events } = open(rule, more);
      ask("POST", "/api/v1/namespaces/default/configmaps", configMapNamed("a"));
      return "managedFields" in ((events()[0]?.responseObject as { metadata: object } | undefined)?.metadata ?? {});
    };
    const rule = "level: RequestResponse, omitStages: [RequestReceived]";
    expect(shown(`- {${rule}}\n`)).toBe(true);
    expect(shown(`- {${rule}, omitManagedFields: true}\n`)).toBe(false);
    expect(shown(`- {${rule}}\n`, "omitManagedFields: true\n")).toBe(false);
    expect(shown(`- {${rule}, omitManagedFields: false}\n`, "omitManagedFields: true\n")).toBe(true);
  });

  test("whom somebody acts as, who was refused, who was not let in", () => {
    const { ask, events } = open("- {level: Metadata}\n", "omitStages: [RequestReceived]\n");
    ask("GET", "/api/v1/nodes", undefined, { "impersonate-user": "jane" });
    ask("GET", "/api/v1/nodes", undefined, { authorization: "Bearer wrong" });
    const [jane, stranger] = events();
    expect(jane).toMatchObject({
      user: { username: "root" },
      impersonatedUser: { username: "jane", groups: ["system:authenticated"] },
      objectRef: { resource: "nodes", apiVersion: "v1" },
      responseStatus: { status: "Failure", reason: "Forbidden", code: 403 },
      annotations: { "authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": "" },
    });
    expect(stranger).toMatchObject({
      stage: "ResponseStarted",
      user: {},
      responseStatus: { code: 401, reason: "Unauthorized", message: "Authentication failed, attempted: bearer" },
    });
  });

  test("a watch begins and ends", () => {
    const { ask, events } = open("- {level: Metadata}\n");
    const { stream } = ask("GET", "/api/v1/pods?watch=true");
    expect(events().map(({ stage }) => stage)).toEqual(["RequestReceived", "ResponseStarted"]);
    stream?.close();
    expect(events().map(({ stage, verb }) => `${stage} ${verb}`)).toEqual([
      "RequestReceived watch",
      "ResponseStarted watch",
      "ResponseComplete watch",
    ]);
  });

  test("components are recorded, too; what is not wanted is not", () => {
    const { server, events } = open(
      '- {level: None, verbs: [watch]}\n- {level: Metadata, resources: [{group: "", resources: [configmaps]}]}\n',
    );
    const user = { name: "system:serviceaccount:kube-system:c", groups: ["system:masters"] };
    const api = server.client(user, "kube-controller-manager");
    api.watch("configmaps", () => undefined);
    const made = api.create(configMapNamed("a"));
    api.delete(made);
    api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "x", namespace: "default" } });
    expect(events().map(({ verb, stage, requestURI, userAgent }) => [verb, stage, requestURI, userAgent])).toEqual(
      ["create", "delete"].flatMap((verb) =>
        ["RequestReceived", "ResponseComplete"].map((stage) => [
          verb,
          stage,
          `/api/v1/namespaces/default/configmaps${verb === "delete" ? "/a" : ""}`,
          "kube-controller-manager/v1.35.0 (linux/amd64) kubernetes//system:serviceaccount:kube-system:c",
        ]),
      ),
    );
  });

  test("--audit-log-format=legacy", () => {
    const { ask, lines } = open("- {level: Metadata, omitStages: [RequestReceived]}\n", "", "legacy");
    ask("GET", "/api/v1/namespaces/default/pods");
    expect(lines.join("").replace(/id="[^"]*"/, 'id="ID"')).toBe(
      `${time} AUDIT: id="ID" stage="ResponseComplete" ip="10.0.0.9" method="list" user="root" groups="\\"system:masters\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="kubectl/v1.35.0 (linux/amd64) kubernetes/6645204" namespace="default" uri="/api/v1/namespaces/default/pods" response="200"\n`,
    );
  });

  // k8s.io/pod-security-admission/admission, 0.35; the key's prefix by plugin/pkg/admission/security/podsecurity.
  describe("remarks of PodSecurity", () => {
    const violations = 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)';
    const spec = { hostNetwork: true, containers: [{ name: "web", image: "nginx" }] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d" },
      spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec } },
    };
    const cases: readonly (readonly [string, Record<string, string>, object, object])[] = [
      ["no labels", {}, pod, { "enforce-policy": "privileged:latest" }],
      ["audit", { audit: "baseline" }, pod, { "audit-violations": violations, "enforce-policy": "privileged:latest" }],
      ["warn says nothing here", { warn: "baseline" }, pod, { "enforce-policy": "privileged:latest" }],
      ["audit of a template", { audit: "baseline" }, deployment, { "audit-violations": violations }],
      ["a refusal", { enforce: "baseline" }, pod, { "enforce-policy": "baseline:latest" }],
    ];
    test.each(cases)("%s", (_, labels, body, expected) => {
      const { api, ask, events } = open(
        '- {level: Metadata, verbs: [create], omitStages: [RequestReceived], resources: [{group: ""}, {group: apps}]}\n',
      );
      const all = Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${security}${key}`, value]));
      api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x", labels: all } });
      api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "x" } });
      const path = body === pod ? "/api/v1/namespaces/x/pods" : "/apis/apps/v1/namespaces/x/deployments";
      ask("POST", path, body);
      const annotations = (events().at(-1)?.annotations ?? {}) as Record<string, string>;
      const remarks = Object.entries(annotations).filter(([key]) => key.startsWith(security));
      expect(Object.fromEntries(remarks.map(([key, value]) => [key.slice(security.length), value]))).toEqual(expected);
    });
  });

  // apiserver pkg/admission/plugin/policy/validating/dispatcher.go, 1.35.
  test("remarks of policies: rules that are not kept, and what a policy says itself", () => {
    const { api, ask, events } = open(
      '- {level: Metadata, omitStages: [RequestReceived], resources: [{group: "", resources: [configmaps]}]}\n',
    );
    const rules = [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }];
    const apiVersion = "admissionregistration.k8s.io/v1";
    api.create({
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "p.example.com" },
      spec: {
        matchConstraints: { resourceRules: rules },
        validations: [{ expression: "true" }, { expression: "'b' in object.data", message: "no b" }],
        auditAnnotations: [
          { key: "keys", valueExpression: "' ' + string(size(object.data)) + ' keys'" },
          { key: "none", valueExpression: "null" },
        ],
      },
    });
    const spec = { policyName: "p.example.com", validationActions: ["Warn", "Audit"] };
    api.create({ apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata: { name: "b" }, spec });
    ask("POST", "/api/v1/namespaces/default/configmaps", configMapNamed("a"));
    expect(events()[0]?.annotations).toEqual({
      "authorization.k8s.io/decision": "allow",
      "authorization.k8s.io/reason": "",
      "p.example.com/keys": "1 keys",
      "validation.policy.admission.k8s.io/validation_failure":
        '[{"message":"no b","policy":"p.example.com","binding":"b","expressionIndex":1,"validationActions":["Warn","Audit"]}]',
    });
  });

  // apiserver endpoints/handlers/create.go and pkg/audit/request.go, 1.35.
  test("objects: what was sent with its defaults, what was answered as it was", () => {
    const { ask, api, events } = open(
      '- {level: RequestResponse, verbs: [create, patch], resources: [{group: "", resources: [services]}]}\n',
    );
    const service = (name: string) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { ports: [{ port: 80 }] },
    });
    const sent = { ports: [{ protocol: "TCP", port: 80, targetPort: 80 }], sessionAffinity: "None", type: "ClusterIP" };
    ask("POST", "/api/v1/namespaces/default/services", service("a"));
    api.create(service("b"));
    const patch = { metadata: { labels: { x: "y" } } };
    const headers = { "content-type": "application/merge-patch+json" };
    ask("PATCH", "/api/v1/namespaces/default/services/a", patch, headers);
    ask("POST", "/api/v1/namespaces/default/services", service("c"), { "impersonate-user": "jane" });
    const all = events();
    expect(all.filter(({ stage }) => stage === "RequestReceived").map(({ requestObject }) => requestObject)).toEqual(
      Array(4).fill(undefined),
    );
    const [a, b, patched, refused] = all.filter(({ stage }) => stage === "ResponseComplete");
    expect(a).toMatchObject({
      requestObject: { spec: sent },
      responseObject: { metadata: { name: "a", managedFields: [{ manager: "kubectl" }] } },
    });
    expect(b).toMatchObject({
      requestObject: { spec: sent },
      responseObject: { metadata: { name: "b", managedFields: [{ manager: "test" }] } },
    });
    expect(patched).toMatchObject({ requestObject: patch, responseObject: { metadata: { labels: { x: "y" } } } });
    expect([refused?.requestObject, refused?.responseStatus]).toMatchObject([undefined, { reason: "Forbidden" }]);
  });
});
