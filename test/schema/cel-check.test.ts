import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { celCompileError, celProgram } from "../../src/base/cel.ts";
import { admissionVariables, compiled, compiledAs } from "../../src/kinds/admission-expressions.ts";
import { celCheck } from "../../src/schema/cel-check.ts";
import { type CelType, celTypeOf } from "../../src/schema/cel-types.ts";
import { typeOfKind } from "../../src/schema/types.ts";

// Recorded with k8s.io/apiserver 0.35: the compiler of admission policies, and their type checker with the published API.

interface Case {
  readonly what: "compile" | "eval" | "typecheck";
  readonly expression: string;
  readonly type?: "bool" | "string" | "audit";
  readonly params?: boolean;
  readonly variables?: readonly (readonly [string, string])[];
  readonly said: string | null;
}

const cases = readFileSync(new URL("../corpus/cel-admission.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);
const wanted = { bool: ["bool"], string: ["string"], audit: ["string", "null"] } as const;

function scopeOf({ params = false, variables = [] }: Case, object: CelType | undefined) {
  const types: Record<string, CelType> = {};
  const scope = () => {
    const all = new Map(admissionVariables({ params, authorizer: true, variables: types }));
    if (object) all.set("object", object);
    return all;
  };
  for (const [name, expression] of variables) {
    const result = compiled(expression, scope());
    types[name] = "fault" in result ? "dyn" : result.type;
  }
  return scope();
}

test.each(cases.filter(({ what }) => what === "compile"))("compiles as the real one: $expression $type", (one) => {
  const result = compiledAs(one.expression, scopeOf(one, undefined), wanted[one.type ?? "bool"]);
  expect(typeof result === "string" ? result : null).toBe(one.said);
});

test.each(cases.filter(({ what }) => what === "typecheck"))(
  "fits a Deployment as the real one says: $expression",
  (one) => {
    const type = typeOfKind("apps", "v1", "Deployment")!;
    const { problems } = celCheck(one.expression, celProgram(one.expression), scopeOf(one, celTypeOf(type)));
    const text = problems.map(({ at, what }) => celCompileError(one.expression, at, what)).join("\n");
    expect(text === "" ? null : `apps/v1, Kind=Deployment: ${text}\n`).toBe(one.said);
  },
);

test("what is not in this library says so", () => {
  const result = compiledAs("ip('10.0.0.1').family() == 4", admissionVariables({ params: false, authorizer: true }), [
    "bool",
  ]);
  expect(result).toMatch("'ip' of Kubernetes' CEL library is not simulated");
});
