import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seen } from "../../../../src/cluster/apiserver/admission/expressions.ts";
import {
  compiledPolicy,
  judged,
} from "../../../../src/cluster/apiserver/admission/validating-admission-policy/compiled-policy.ts";
import type { ValidatingAdmissionPolicy } from "../../../../src/kinds/types/admission.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";

// Recorded with k8s.io/apiserver 0.35: what expressions of policies come to.

interface Case {
  readonly what: string;
  readonly expression: string;
  readonly type?: string;
  readonly variables?: readonly (readonly [string, string])[];
  readonly object?: KubeObject;
  readonly old?: KubeObject;
  readonly param?: KubeObject;
  readonly said: string;
}

const cases = readFileSync(new URL("../../../corpus/cel-admission.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case)
  .filter(({ what, type }) => what === "eval" && type === "bool");

test.each(cases)("$expression", ({ expression, variables = [], object, old, param, said }) => {
  const policy = {
    spec: {
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      variables: variables.map(([name, text]) => ({ name, expression: text })),
      validations: [{ expression, message: "false" }],
    },
  } as unknown as ValidatingAdmissionPolicy;
  const { breaches } = judged(compiledPolicy(policy), {
    object: seen(object),
    oldObject: seen(old),
    params: seen(param),
    request: { userInfo: { username: "jane", groups: ["dev"] }, kind: { kind: "Deployment" } },
    namespaceObject: { metadata: { name: "default", labels: { env: "test" } } },
  });
  expect(breaches[0]?.message ?? "true").toBe(said);
});
