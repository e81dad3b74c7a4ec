import { expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { refusal, world } from "./setup.ts";

// kubernetes pkg/registry/admissionregistration/validatingadmissionpolicy{,binding}/{authz,strategy}.go, 1.35.

const apiVersion = "admissionregistration.k8s.io/v1";
const rule = { operations: ["CREATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] };
const policy = (paramKind?: object, expression = "true"): KubeObject => ({
  apiVersion,
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: "p" },
  spec: {
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression }],
    ...(paramKind ? { paramKind } : {}),
  },
});
const binding = (paramRef?: object): KubeObject => ({
  apiVersion,
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: "b" },
  spec: { policyName: "p", validationActions: ["Deny"], ...(paramRef ? { paramRef } : {}) },
});
const configMap = { apiVersion: "v1", kind: "ConfigMap" };
const ref = { name: "x", namespace: "default", parameterNotFoundAction: "Deny" };

const jane = { name: "jane", groups: ["devs"], extra: { k: ["v", "w"] } };
const who = "user &{jane  [devs] map[k:[v w]]}";
const noKind = (kind: string, version = "v1") =>
  `ValidatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: spec.paramKind: Forbidden: ${who} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${version})`;
const noRef = `ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io "b" is invalid: spec.paramRef: Forbidden: ${who} does not have "get" permission on the object referenced by paramRef`;

const cases: readonly (readonly [string, string[][], KubeObject[], KubeObject, string | undefined])[] = [
  ["no parameters", [], [], policy(), undefined],
  ["a kind that one cannot read", [], [], policy(configMap), noKind("ConfigMap")],
  ["a kind that one can read", [["", "configmaps"]], [], policy(configMap), undefined],
  [
    "a kind that nobody knows",
    [["", "configmaps"]],
    [],
    policy({ apiVersion: "a.b/v1", kind: "C" }),
    noKind("C", "a.b/v1"),
  ],
  ["whoever may read all of a group", [["a.b", "*"]], [], policy({ apiVersion: "a.b/v1", kind: "C" }), undefined],
  ["a binding without a reference", [], [policy(configMap)], binding(), undefined],
  ["a binding to what one cannot read", [["", "secrets"]], [policy(configMap)], binding(ref), noRef],
  ["a binding to what one can read", [["", "configmaps"]], [policy(configMap)], binding(ref), undefined],
  ["a binding to a policy that is not there", [["", "configmaps"]], [], binding(ref), noRef],
];

test.each(cases)("%s", (_, rights, before, object, expected) => {
  const { api, server } = world();
  const rules = rights.map(([group, resource]) => ({ apiGroups: [group], resources: [resource], verbs: ["get"] }));
  rules.push({ apiGroups: ["admissionregistration.k8s.io"], resources: ["*"], verbs: ["*"] });
  const rbac = "rbac.authorization.k8s.io";
  api.create({ apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: "r" }, rules });
  api.create({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "r" },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "r" },
    subjects: [{ apiGroup: rbac, kind: "User", name: "jane" }],
  });
  for (const one of before) api.create(one);
  const create = () => server.client(jane, "kubectl").create(object);
  if (expected === undefined) expect(create()).toMatchObject({ metadata: { name: object.metadata.name } });
  else expect(refusal(create).message).toBe(expected);
});

test("a change of a policy that reads the same as before needs no right", () => {
  const { api, server } = world({
    flags: { "authorization-mode": "ABAC" },
    policies: [{ user: "jane", apiGroup: "admissionregistration.k8s.io", resource: "*", namespace: "*" }],
  });
  const made = api.create(policy(configMap));
  const client = server.client(jane, "kubectl");
  const { spec } = policy(configMap, "1 == 1");
  expect(client.update({ ...made, spec } as KubeObject).metadata.generation).toBe(2);
  const other = policy({ apiVersion: "v1", kind: "Secret" });
  expect(
    refusal(() =>
      client.update({
        ...api.get("validatingadmissionpolicies.admissionregistration.k8s.io", undefined, "p"),
        spec: other.spec,
      } as KubeObject),
    ).message,
  ).toBe(noKind("Secret"));
});
