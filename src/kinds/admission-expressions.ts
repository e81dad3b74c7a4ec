import { type CelProgram, celCompileError, celProgram } from "../base/cel.ts";
import { FormatError } from "../base/format-error.ts";
import { celCheck } from "../schema/cel-check.ts";
import { type CelType, celObject, celTypeName } from "../schema/cel-types.ts";
import type { Problem } from "./define.ts";
import { wrong } from "./problem.ts";

const texts: CelType = { list: "string" };
const named = (name: string, ...fields: readonly string[]): CelType =>
  celObject(name, Object.fromEntries(fields.map((field) => [field, "string"])));
const gvk = named("kubernetes.GroupVersionKind", "group", "version", "kind");
const gvr = named("kubernetes.GroupVersionResource", "group", "version", "resource");

/** The variable `request` (apiserver pkg/admission/plugin/cel BuildRequestType, 1.35). */
const request = celObject("kubernetes.AdmissionRequest", {
  kind: gvk,
  resource: gvr,
  subResource: "string",
  requestKind: gvk,
  requestResource: gvr,
  requestSubResource: "string",
  name: "string",
  namespace: "string",
  operation: "string",
  userInfo: celObject("kubernetes.UserInfo", {
    username: "string",
    uid: "string",
    groups: texts,
    extra: { map: texts },
  }),
  dryRun: "bool",
  options: "dyn",
});

/** The variable `namespaceObject` (BuildNamespaceType; its UID is written so). */
const namespaceObject = celObject("kubernetes.Namespace", {
  metadata: celObject("kubernetes.NamespaceMetadata", {
    name: "string",
    generateName: "string",
    namespace: "string",
    labels: { map: "string" },
    annotations: { map: "string" },
    UID: "string",
    creationTimestamp: "timestamp",
    deletionGracePeriodSeconds: "int",
    deletionTimestamp: "timestamp",
    generation: "int",
    resourceVersion: "string",
    finalizers: texts,
  }),
  spec: celObject("kubernetes.NamespaceSpec", { finalizers: texts }),
  status: celObject("kubernetes.NamespaceStatus", {
    conditions: {
      list: celObject("kubernetes.NamespaceCondition", {
        status: "string",
        type: "string",
        lastTransitionTime: "timestamp",
        message: "string",
        reason: "string",
      }),
    },
    phase: "string",
  }),
});

const authorizer: CelType = {
  name: "Authorizer",
  field: (field: string) => (field === "requestResource" ? "ResourceCheck" : undefined),
};

/** What may be named in an expression about admission. */
export interface Declared {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** The types of the policy's own variables, where it has any. */
  readonly variables?: Readonly<Record<string, CelType>>;
}

/** The variables of expressions about admission, with their types. */
export function admissionVariables({ params, authorizer: mayAsk, variables }: Declared): ReadonlyMap<string, CelType> {
  const all = new Map<string, CelType>([
    ["object", "dyn"],
    ["oldObject", "dyn"],
    ["request", request],
    ["namespaceObject", namespaceObject],
  ]);
  if (variables) all.set("variables", celObject("kubernetes.variables", variables));
  if (params) all.set("params", "dyn");
  if (mayAsk) all.set("authorizer", authorizer);
  return all;
}

/** An expression that compiles, and its type; else what the compiler says. */
type Compiled = { readonly program: CelProgram; readonly type: CelType } | { readonly fault: string };

/** Compiles an expression with these variables, as cel-go does. */
export function compiled(expression: string, variables: ReadonlyMap<string, CelType>): Compiled {
  try {
    const program = celProgram(expression);
    const { type, problems } = celCheck(expression, program, variables);
    if (problems.length === 0) return { program, type };
    return { fault: problems.map(({ at, what }) => celCompileError(expression, at, what)).join("\n") };
  } catch (error) {
    if (error instanceof FormatError) return { fault: error.message };
    throw error;
  }
}

/** Compiles an expression that has to come to one of some types; a text says what is wrong. */
export function compiledAs(
  expression: string,
  variables: ReadonlyMap<string, CelType>,
  wanted: readonly ("bool" | "string" | "null")[],
): CelProgram | string {
  const result = compiled(expression, variables);
  if ("fault" in result) return `compilation failed: ${result.fault}`;
  const type = celTypeName(result.type);
  if (wanted.some((one) => one === type)) return result.program;
  const names = wanted.map((one) => (one === "null" ? "null_type" : one));
  const list = names.length === 1 ? names[0] : `one of [${names.join(" ")}]`;
  return `must evaluate to ${list} but got ${type}`;
}

/** What is wrong with an expression at a path. */
export function expressionProblems(
  expression: string,
  variables: ReadonlyMap<string, CelType>,
  wanted: readonly ("bool" | "string" | "null")[],
  path: string,
): readonly Problem[] {
  const result = compiledAs(expression, variables, wanted);
  return typeof result === "string" ? [wrong(path, expression, result)] : [];
}
