import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import { configMapNamed, podNamed, refusal, world } from "../setup.ts";

// Texts by k8s.io/apiserver 0.35: pkg/admission/plugin/policy/validating, policy/generic, policy/matching.

const group = "admissionregistration.k8s.io/v1";
const everything = { operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] };
const deployments = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments"],
};

function policy(spec: object, name = "p"): KubeObject {
  const rest = { matchConstraints: { resourceRules: [deployments] }, ...spec };
  return { apiVersion: group, kind: "ValidatingAdmissionPolicy", metadata: { name }, spec: rest };
}

function binding(spec: object = {}, name = "b"): KubeObject {
  const rest = { policyName: "p", validationActions: ["Deny"], ...spec };
  return { apiVersion: group, kind: "ValidatingAdmissionPolicyBinding", metadata: { name }, spec: rest };
}

function deployment(replicas: number, more: object = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x", namespace: "default", labels: { app: "web" }, ...more },
    spec: {
      replicas,
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "web", image: "nginx" }] } },
    },
  };
}

function held(objects: readonly KubeObject[]) {
  const made = world();
  for (const object of objects) made.api.create(object);
  made.server.warnings = [];
  return made;
}

const few = { validations: [{ expression: "object.spec.replicas <= 5" }] };
const denied = (what: string) =>
  `deployments.apps "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${what}`;
const params = (name: string, max: string, labels = {}): KubeObject => ({
  ...configMapNamed(name, { max }),
  metadata: { name, namespace: "default", labels },
});
const paramKind = { apiVersion: "v1", kind: "ConfigMap" };
const limited = { paramKind, validations: [{ expression: "object.spec.replicas <= int(params.data.max)" }] };

const cases: readonly (readonly [name: string, objects: readonly KubeObject[], why: string | undefined])[] = [
  [
    "a rule that is met",
    [policy({ validations: [{ expression: "object.spec.replicas <= 10" }] }), binding()],
    undefined,
  ],
  ["a rule that is not", [policy(few), binding()], denied("failed expression: object.spec.replicas <= 5")],
  ["no binding", [policy(few)], undefined],
  ["a binding to another policy", [policy(few), binding({ policyName: "q" })], undefined],
  [
    "a message",
    [policy({ validations: [{ expression: "false", message: "too many" }] }), binding()],
    denied("too many"),
  ],
  [
    "a message by expression",
    [
      policy({
        validations: [
          { expression: "false", message: "m", messageExpression: "'replicas: ' + string(object.spec.replicas)" },
        ],
      }),
      binding(),
    ],
    denied("replicas: 7"),
  ],
  [
    "a message expression that fails",
    [
      policy({
        validations: [{ expression: "false", message: "m", messageExpression: "'a' + string(object.spec.foo)" }],
      }),
      binding(),
    ],
    denied("m"),
  ],
  [
    "an expression that fails",
    [policy({ validations: [{ expression: "object.spec.foo == 1" }] }), binding()],
    denied("expression 'object.spec.foo == 1' resulted in error: no such key: foo"),
  ],
  [
    "failurePolicy Ignore",
    [policy({ failurePolicy: "Ignore", validations: [{ expression: "object.spec.foo == 1" }] }), binding()],
    undefined,
  ],
  [
    "failurePolicy Ignore lets no breach pass",
    [policy({ ...few, failurePolicy: "Ignore" }), binding()],
    denied("failed expression: object.spec.replicas <= 5"),
  ],
  [
    "variables",
    [
      policy({
        variables: [
          { name: "n", expression: "object.spec.replicas" },
          { name: "m", expression: "variables.n * 2" },
        ],
        validations: [{ expression: "variables.m < 10" }],
      }),
      binding(),
    ],
    denied("failed expression: variables.m < 10"),
  ],
  [
    "a condition that is not met",
    [
      policy({ ...few, matchConditions: [{ name: "c", expression: "request.userInfo.username == 'jane'" }] }),
      binding(),
    ],
    undefined,
  ],
  [
    "a condition that is met",
    [
      policy({ ...few, matchConditions: [{ name: "c", expression: "'system:masters' in request.userInfo.groups" }] }),
      binding(),
    ],
    denied("failed expression: object.spec.replicas <= 5"),
  ],
  [
    "a condition that fails",
    [policy({ ...few, matchConditions: [{ name: "c", expression: "object.foo == 1" }] }), binding()],
    denied("expression 'object.foo == 1' resulted in error: no such key: foo"),
  ],
  [
    "another resource",
    [
      policy({ ...few, matchConstraints: { resourceRules: [{ ...deployments, resources: ["statefulsets"] }] } }),
      binding(),
    ],
    undefined,
  ],
  [
    "another operation",
    [policy({ ...few, matchConstraints: { resourceRules: [{ ...deployments, operations: ["DELETE"] }] } }), binding()],
    undefined,
  ],
  [
    "another name",
    [policy({ ...few, matchConstraints: { resourceRules: [{ ...deployments, resourceNames: ["y"] }] } }), binding()],
    undefined,
  ],
  [
    "its name",
    [policy({ ...few, matchConstraints: { resourceRules: [{ ...deployments, resourceNames: ["x"] }] } }), binding()],
    denied("failed expression: object.spec.replicas <= 5"),
  ],
  [
    "cluster scope only",
    [policy({ ...few, matchConstraints: { resourceRules: [{ ...deployments, scope: "Cluster" }] } }), binding()],
    undefined,
  ],
  [
    "an excluded rule",
    [
      policy({ ...few, matchConstraints: { resourceRules: [everything], excludeResourceRules: [deployments] } }),
      binding(),
    ],
    undefined,
  ],
  [
    "an object selector",
    [
      policy({
        ...few,
        matchConstraints: { resourceRules: [deployments], objectSelector: { matchLabels: { app: "db" } } },
      }),
      binding(),
    ],
    undefined,
  ],
  [
    "a namespace selector",
    [
      policy({
        ...few,
        matchConstraints: { resourceRules: [deployments], namespaceSelector: { matchLabels: { env: "prod" } } },
      }),
      binding(),
    ],
    undefined,
  ],
  [
    "a namespace selector of the binding",
    [
      policy(few),
      binding({ matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } } } }),
    ],
    denied("failed expression: object.spec.replicas <= 5"),
  ],
  [
    "the namespace's own labels",
    [
      policy({
        validations: [
          {
            expression: "namespaceObject.metadata.labels['kubernetes.io/metadata.name'] == 'prod'",
            message: "not here",
          },
        ],
      }),
      binding(),
    ],
    denied("not here"),
  ],
  [
    "parameters that allow it",
    [
      params("c", "9"),
      policy(limited),
      binding({ paramRef: { name: "c", namespace: "default", parameterNotFoundAction: "Deny" } }),
    ],
    undefined,
  ],
  [
    "parameters that do not",
    [params("c", "3"), policy(limited), binding({ paramRef: { name: "c", parameterNotFoundAction: "Deny" } })],
    denied("failed expression: object.spec.replicas <= int(params.data.max)"),
  ],
  [
    "missing parameters, denied",
    [policy(limited), binding({ paramRef: { name: "c", parameterNotFoundAction: "Deny" } })],
    denied("failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"),
  ],
  [
    "missing parameters, allowed",
    [policy(limited), binding({ paramRef: { name: "c", parameterNotFoundAction: "Allow" } })],
    undefined,
  ],
  [
    "selected parameters",
    [
      params("c", "9", { use: "yes" }),
      params("d", "6", { use: "yes" }),
      params("e", "1"),
      policy(limited),
      binding({ paramRef: { selector: { matchLabels: { use: "yes" } }, parameterNotFoundAction: "Deny" } }),
    ],
    denied("failed expression: object.spec.replicas <= int(params.data.max)"),
  ],
  [
    "no parameters at all",
    [policy({ paramKind, validations: [{ expression: "params == null", message: "m" }] }), binding()],
    undefined,
  ],
  [
    "parameters of no known kind",
    [
      policy({ ...limited, paramKind: { apiVersion: "example.com/v1", kind: "Widget" } }),
      binding({ paramRef: { name: "c", parameterNotFoundAction: "Deny" } }),
    ],
    "deployments.apps \"x\" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Widget'",
  ],
  [
    "what the one who asks may do",
    [
      policy({
        validations: [
          {
            expression:
              "authorizer.group('').resource('secrets').namespace('default').check('get').allowed() && authorizer.requestResource.check('delete').allowed()",
          },
        ],
      }),
      binding(),
    ],
    undefined,
  ],
  [
    "what a service account may do",
    [
      policy({
        validations: [
          {
            expression:
              "authorizer.serviceAccount('default', 'default').group('').resource('secrets').check('get').allowed()",
            message: "no",
          },
        ],
      }),
      binding(),
    ],
    denied("no"),
  ],
  [
    "an audit annotation that fails",
    [policy({ auditAnnotations: [{ key: "k", valueExpression: "'a' + string(object.spec.foo)" }] }), binding()],
    denied("expression ''a' + string(object.spec.foo)' resulted in error: no such key: foo"),
  ],
];

describe("ValidatingAdmissionPolicy", () => {
  test.each(cases)("%s", (_name, objects, why) => {
    const { api } = held(objects);
    const run = () => api.create(deployment(7));
    if (why === undefined) expect(run).not.toThrow();
    else expect(refusal(run).message).toBe(why);
  });

  test.each([
    [undefined, "Invalid", 422],
    ["Forbidden", "Forbidden", 403],
    ["RequestEntityTooLarge", "RequestEntityTooLarge", 413],
  ])("reason %s", (reason, shown, code) => {
    const { api } = held([
      policy({ validations: [{ expression: "false", ...(reason ? { reason } : {}) }] }),
      binding(),
    ]);
    expect(refusal(() => api.create(deployment(1)))).toMatchObject({
      reason: shown,
      code,
      details: {
        name: "x",
        group: "apps",
        kind: "deployments",
        causes: [
          { message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: false" },
        ],
      },
    });
  });

  test("Warn and Audit let it pass", () => {
    const { api, server } = held([policy(few), binding({ validationActions: ["Warn", "Audit"] })]);
    api.create(deployment(7));
    expect(server.warnings).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.spec.replicas <= 5",
    ]);
  });

  test("updates see what was before, deletions only that", () => {
    const rules = { resourceRules: [{ ...deployments, operations: ["*"] }] };
    const { api } = held([
      policy({
        matchConstraints: rules,
        validations: [
          { expression: "oldObject == null || (object != null && object.spec.replicas >= oldObject.spec.replicas)" },
        ],
      }),
      binding(),
    ]);
    const made = api.create(deployment(3));
    const more = api.update({ ...made, spec: { ...(made.spec as object), replicas: 4 } });
    expect(() => api.update({ ...more, spec: { ...(more.spec as object), replicas: 2 } })).toThrow("denied request");
    expect(() => api.delete(more)).toThrow("denied request");
  });

  test("scaling is a subresource of its own", () => {
    const scale = { ...deployments, resources: ["deployments/scale"] };
    const { api } = held([
      policy({ matchConstraints: { resourceRules: [scale] }, validations: [{ expression: "false" }] }),
      binding(),
    ]);
    const made = api.create(deployment(3));
    expect(() =>
      api.modify(made, (current) => ({ ...current, spec: { ...(current.spec as object), replicas: 4 } }), "scale"),
    ).toThrow("denied request");
  });

  test("an execution in a pod is a connection", () => {
    const exec = { operations: ["CONNECT"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods/exec"] };
    const { api, server } = held([
      policy({
        matchConstraints: { resourceRules: [exec] },
        validations: [{ expression: "false", message: "no shells" }],
      }),
      binding(),
    ]);
    api.create(podNamed("p"));
    const { user } = api;
    const answer = server.answerTo(
      { method: "POST", path: "/api/v1/namespaces/default/pods/p/exec?command=sh", headers: {} },
      user,
    );
    expect(answer.body).toMatchObject({
      message: "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no shells",
    });
  });

  test("nobody locks himself out of policies", () => {
    const { api } = held([
      policy({ matchConstraints: { resourceRules: [everything] }, validations: [{ expression: "false" }] }),
      binding(),
    ]);
    const found = api.get("validatingadmissionpolicies.admissionregistration.k8s.io", undefined, "p")!;
    expect(() => api.delete(found)).not.toThrow();
    expect(() => api.create(configMapNamed("a"))).not.toThrow();
  });

  test("without the plugin nothing is held against them", () => {
    const { api } = world({ flags: { "disable-admission-plugins": "ValidatingAdmissionPolicy" } });
    for (const object of [policy(few), binding()]) api.create(object);
    expect(() => api.create(deployment(7))).not.toThrow();
  });
});
