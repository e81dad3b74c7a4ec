import { describe, expect, test } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { problemText } from "../../src/kinds/problem.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";

// Texts by kubernetes v1.35.0 pkg/apis/admissionregistration/validation, k8s.io/apiserver 0.35 pkg/util/webhook.

function problemsOf(name: string, fields: object): readonly string[] {
  const kind = kinds.find((one) => one.kind === name)!;
  const object = {
    apiVersion: `${kind.group}/v1`,
    kind: name,
    metadata: { name: "x" },
    ...structuredClone(fields),
  } as KubeObject;
  kind.defaults?.(object);
  return (kind.problems?.(object) ?? []).map(problemText);
}

const rule = { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] };
const hook = (more: object = {}) => ({
  webhooks: [
    {
      name: "a.example.com",
      clientConfig: { service: { namespace: "n", name: "s" } },
      rules: [rule],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      ...more,
    },
  ],
});
const rules = (more: object) => hook({ rules: [{ ...rule, ...more }] });
const service = (more: object) => hook({ clientConfig: { service: { namespace: "n", name: "s", ...more } } });

const webhookCases: readonly (readonly [name: string, fields: object, problems: readonly string[]])[] = [
  ["right", hook(), []],
  ["no name", hook({ name: "" }), ["webhooks[0].name: Required value"]],
  [
    "a short name",
    hook({ name: "a.b" }),
    ['webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots'],
  ],
  [
    "the same name twice",
    { webhooks: [...hook().webhooks, ...hook().webhooks] },
    ['webhooks[1].name: Duplicate value: "a.example.com"'],
  ],
  [
    "no side effects said",
    hook({ sideEffects: undefined }),
    ["webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun"],
  ],
  [
    "side effects",
    hook({ sideEffects: "Some" }),
    ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
  ],
  [
    "no versions",
    hook({ admissionReviewVersions: [] }),
    ["webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1"],
  ],
  [
    "other versions",
    hook({ admissionReviewVersions: ["v2", "v2"] }),
    [
      'webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
      'webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1',
    ],
  ],
  [
    "policies",
    hook({ failurePolicy: "x", matchPolicy: "y", reinvocationPolicy: "z" }),
    [
      'webhooks[0].failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"',
      'webhooks[0].matchPolicy: Unsupported value: "y": supported values: "Equivalent", "Exact"',
      'webhooks[0].reinvocationPolicy: Unsupported value: "z": supported values: "IfNeeded", "Never"',
    ],
  ],
  [
    "a timeout",
    hook({ timeoutSeconds: 31 }),
    ["webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"],
  ],
  ["no operations", rules({ operations: [] }), ["webhooks[0].rules[0].operations: Required value"]],
  [
    "another operation",
    rules({ operations: ["GET"] }),
    [
      'webhooks[0].rules[0].operations[0]: Unsupported value: "GET": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ],
  ],
  [
    "all operations and one",
    rules({ operations: ["*", "CREATE"] }),
    [
      `webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
    ],
  ],
  [
    "all groups and one",
    rules({ apiGroups: ["*", "apps"] }),
    [
      `webhooks[0].rules[0].apiGroups: Invalid value: ["*","apps"]: if '*' is present, must not specify other API groups`,
    ],
  ],
  ["no resources", rules({ resources: [] }), ["webhooks[0].rules[0].resources: Required value"]],
  [
    "all resources and one",
    rules({ resources: ["*", "pods"] }),
    [
      `webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
    ],
  ],
  [
    "everything and more",
    rules({ resources: ["*/*", "pods"] }),
    [
      `webhooks[0].rules[0].resources: Invalid value: ["*/*","pods"]: if '*/*' is present, must not specify other resources`,
    ],
  ],
  [
    "all subresources and one",
    rules({ resources: ["pods/*", "pods/exec"] }),
    [
      `webhooks[0].rules[0].resources[1]: Invalid value: "pods/exec": if 'pods/*' is present, must not specify pods/exec`,
    ],
  ],
  [
    "a scope",
    rules({ scope: "x" }),
    ['webhooks[0].rules[0].scope: Unsupported value: "x": supported values: "*", "Cluster", "Namespaced"'],
  ],
  [
    "neither URL nor service",
    hook({ clientConfig: {} }),
    ["webhooks[0].clientConfig: Required value: exactly one of url or service is required"],
  ],
  [
    "both",
    hook({ clientConfig: { url: "https://a", service: { namespace: "n", name: "s" } } }),
    ["webhooks[0].clientConfig: Required value: exactly one of url or service is required"],
  ],
  [
    "plain HTTP",
    hook({ clientConfig: { url: "http://a/b" } }),
    [
      `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    ],
  ],
  [
    "a URL with more",
    hook({ clientConfig: { url: "https://u@a/b?c#d" } }),
    [
      'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "d": fragments are not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "c": query parameters are not permitted in the URL',
    ],
  ],
  [
    "no namespace of the service",
    service({ namespace: "" }),
    ["webhooks[0].clientConfig.service.name: Required value"],
  ],
  [
    "a port",
    service({ port: 70000 }),
    [
      "webhooks[0].clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive",
    ],
  ],
  [
    "a path",
    service({ path: "a//b" }),
    [
      `webhooks[0].clientConfig.service.path: Invalid value: "a//b": must start with a '/'`,
      'webhooks[0].clientConfig.service.path: Invalid value: "a//b": segment[0] may not be empty',
      'webhooks[0].clientConfig.service.path: Invalid value: "a//b": segment[1] may not be empty',
    ],
  ],
  [
    "a condition",
    hook({
      matchConditions: [
        { name: "a b", expression: "foo == 1" },
        { name: "c", expression: "'x'" },
        { name: "c", expression: " " },
      ],
    }),
    [
      `webhooks[0].matchConditions[0].expression: Invalid value: "foo == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo == 1\n | ^`,
      `webhooks[0].matchConditions[0].name: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `webhooks[0].matchConditions[1].expression: Invalid value: "'x'": must evaluate to bool but got string`,
      "webhooks[0].matchConditions[2].expression: Required value",
      'webhooks[0].matchConditions[2].name: Duplicate value: "c"',
    ],
  ],
];

describe.each(["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"])("%s", (kind) => {
  test.each(webhookCases)("%s", (_name, fields, problems) => expect(problemsOf(kind, fields)).toEqual(problems));
});

const policy = (more: object = {}) => ({
  spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: "object.spec.a == 1" }], ...more },
});
const policyCases: readonly (readonly [name: string, fields: object, problems: readonly string[]])[] = [
  ["right", policy(), []],
  [
    "nothing",
    { spec: {} },
    [
      "spec.matchConstraints: Required value",
      "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
      "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item",
    ],
  ],
  ["no rules", policy({ matchConstraints: {} }), ["spec.matchConstraints.resourceRules: Required value"]],
  [
    "a failure policy",
    policy({ failurePolicy: "x" }),
    ['spec.failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"'],
  ],
  [
    "names of resources",
    policy({ matchConstraints: { resourceRules: [{ ...rule, resourceNames: ["a/b", "c", "c"] }] } }),
    [
      `spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain '/'`,
      'spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c"',
    ],
  ],
  [
    "parameters",
    policy({ paramKind: { apiVersion: "a/b/c", kind: "Foo_" } }),
    [
      'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      `spec.paramKind.kind: Invalid value: "Foo_": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ],
  [
    "no expression",
    policy({ validations: [{ expression: " " }] }),
    ["spec.validations[0].expression: Required value: expression is not specified"],
  ],
  [
    "no bool",
    policy({ validations: [{ expression: "object.spec.a" }] }),
    ['spec.validations[0].expression: Invalid value: "object.spec.a": must evaluate to bool but got dyn'],
  ],
  [
    "params without their kind",
    policy({ validations: [{ expression: "params.a == 1" }] }),
    [
      `spec.validations[0].expression: Invalid value: "params.a == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.a == 1\n | ^`,
    ],
  ],
  [
    "variables that there are not",
    policy({ validations: [{ expression: "variables.a == 1" }] }),
    [
      `spec.validations[0].expression: Invalid value: "variables.a == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')\n | variables.a == 1\n | ^`,
    ],
  ],
  [
    "a variable's name",
    policy({
      variables: [
        { name: "in", expression: "1" },
        { name: "", expression: "" },
      ],
    }),
    [
      'spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier',
      "spec.variables[1].name: Required value: name is not specified",
      "spec.variables[1].expression: Required value: expression is not specified",
    ],
  ],
  [
    "a message",
    policy({
      validations: [
        { expression: "true", message: "a\nb" },
        { expression: "true", message: " ", messageExpression: " " },
      ],
    }),
    [
      'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
      'spec.validations[1].messageExpression: Invalid value: " ": must be non-empty if specified',
      'spec.validations[1].message: Invalid value: " ": message must be non-empty if specified',
    ],
  ],
  [
    "a message by another type",
    policy({ validations: [{ expression: "true", messageExpression: "1" }] }),
    ['spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int'],
  ],
  [
    "a message that asks for rights",
    policy({
      validations: [
        { expression: "true", messageExpression: "string(authorizer.group('a').resource('b').check('get').allowed())" },
      ],
    }),
    [
      `spec.validations[0].messageExpression: Invalid value: "string(authorizer.group('a').resource('b').check('get').allowed())": compilation failed: ERROR: <input>:1:8: undeclared reference to 'authorizer' (in container '')\n | string(authorizer.group('a').resource('b').check('get').allowed())\n | .......^`,
    ],
  ],
  [
    "a reason",
    policy({ validations: [{ expression: "true", reason: "x" }] }),
    [
      'spec.validations[0].reason: Unsupported value: "x": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  ],
  [
    "annotations",
    policy({
      auditAnnotations: [
        { key: "a", valueExpression: "'x'" },
        { key: "a", valueExpression: "" },
      ],
    }),
    [
      "spec.auditAnnotations[1].valueExpression: Required value: valueExpression is not specified",
      'spec.auditAnnotations[1].key: Duplicate value: "a"',
    ],
  ],
];

describe("ValidatingAdmissionPolicy", () => {
  test.each(policyCases)("%s", (_name, fields, problems) =>
    expect(problemsOf("ValidatingAdmissionPolicy", fields)).toEqual(problems),
  );
});

const bound = (more: object = {}) => ({ spec: { policyName: "p", validationActions: ["Deny"], ...more } });
const bindingCases: readonly (readonly [name: string, fields: object, problems: readonly string[]])[] = [
  ["right", bound(), []],
  [
    "nothing",
    { spec: {} },
    [
      "spec.policyName: Required value",
      "spec.validationActions: Required value: at least one validation action is required",
    ],
  ],
  [
    "actions",
    bound({ validationActions: ["Deny", "Deny", "x"] }),
    [
      'spec.validationActions[1]: Duplicate value: "Deny"',
      'spec.validationActions[2]: Unsupported value: "x": supported values: "Audit", "Deny", "Warn"',
    ],
  ],
  [
    "Deny and Warn",
    bound({ validationActions: ["Deny", "Warn"] }),
    [
      'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ],
  ],
  [
    "no parameters named",
    bound({ paramRef: {} }),
    [
      "spec.paramRef: Required value: one of name or selector must be specified",
      "spec.paramRef.parameterNotFoundAction: Required value",
    ],
  ],
  [
    "named and selected",
    bound({ paramRef: { name: "a", selector: {}, parameterNotFoundAction: "x" } }),
    [
      "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
      "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
      'spec.paramRef.parameterNotFoundAction: Unsupported value: "x": supported values: "Deny", "Allow"',
    ],
  ],
];

describe("ValidatingAdmissionPolicyBinding", () => {
  test.each(bindingCases)("%s", (_name, fields, problems) =>
    expect(problemsOf("ValidatingAdmissionPolicyBinding", fields)).toEqual(problems),
  );
});

test("defaults", () => {
  const kind = kinds.find((one) => one.kind === "MutatingWebhookConfiguration")!;
  const object = { metadata: { name: "x" }, ...structuredClone(hook()) } as unknown as KubeObject;
  kind.defaults?.(object);
  expect(object.webhooks).toMatchObject([
    {
      clientConfig: { service: { port: 443 } },
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      namespaceSelector: {},
      objectSelector: {},
      reinvocationPolicy: "Never",
      rules: [{ scope: "*" }],
      timeoutSeconds: 10,
    },
  ]);
});
