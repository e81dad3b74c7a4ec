import { celCompileError, celProgram } from "../../base/cel.ts";
import { FormatError } from "../../base/format-error.ts";
import { admissionVariables, compiled } from "../../kinds/admission-expressions.ts";
import { apiVersionOf, type Kind } from "../../kinds/define.ts";
import type { ValidatingAdmissionPolicy } from "../../kinds/types/admission.ts";
import { celCheck } from "../../schema/cel-check.ts";
import { type CelType, celTypeOf } from "../../schema/cel-types.ts";
import { typeOfKind } from "../../schema/types.ts";
import type { Api } from "../apiserver/define.ts";
import type { Controller } from "./define.ts";

const POLICIES = "validatingadmissionpolicies.admissionregistration.k8s.io";
/** How many types are looked at for a rule. */
const LIMIT = 10;

type Spec = ValidatingAdmissionPolicy["spec"];
type Warnings = NonNullable<
  NonNullable<NonNullable<ValidatingAdmissionPolicy["status"]>["typeChecking"]>["expressionWarnings"]
>;

/** Says in a policy's status where its expressions do not fit the types that it is for (pkg/controller/validatingadmissionpolicystatus, 1.35). */
export const validatingAdmissionPolicyStatus: Controller<ValidatingAdmissionPolicy> = {
  name: "validatingadmissionpolicy-status-controller",
  for: POLICIES,
  concerns: (policy, old) => policy.metadata.generation !== old?.metadata.generation,
  reconcile(api, policy) {
    const generation = policy?.metadata.generation ?? 0;
    if (!policy || generation <= (policy.status?.observedGeneration ?? 0)) return undefined;
    const expressionWarnings = warningsOf(policy.spec, api);
    const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
    api.updateStatus<ValidatingAdmissionPolicy>({
      ...policy,
      status: { ...policy.status, observedGeneration: generation, typeChecking },
    });
    return undefined;
  },
};

/** apiserver pkg/admission/plugin/policy/validating/typechecking.go, 1.35. */
function warningsOf(spec: Spec, api: Api): Warnings {
  const kinds = kindsOf(spec, api);
  const found: Warnings = [];
  for (const [i, { expression, messageExpression }] of (spec.validations ?? []).entries()) {
    for (const [field, text] of [
      ["expression", expression],
      ["messageExpression", messageExpression],
    ] as const) {
      const warnings = text ? kinds.flatMap((kind) => warningOf(kind, spec, text, api) ?? []) : [];
      if (warnings.length > 0)
        found.push({ fieldRef: `spec.validations[${i}].${field}`, warning: warnings.join("\n") });
    }
  }
  return found;
}

function warningOf(kind: Kind, spec: Spec, text: string, api: Api): string | undefined {
  const object = objectType(kind);
  if (!object) return undefined;
  const types: Record<string, CelType> = {};
  const scope = () => withTypes(object, spec, types, api);
  for (const { name, expression } of spec.variables ?? []) {
    const result = compiled(expression, scope());
    types[name] = "fault" in result ? "dyn" : result.type;
  }
  const fault = faultOf(text, scope());
  return fault && `${apiVersionOf(kind)}, Kind=${kind.kind}: ${fault}\n`;
}

function withTypes(object: CelType, { paramKind }: Spec, variables: Record<string, CelType>, api: Api) {
  const scope = new Map(admissionVariables({ params: false, authorizer: true, variables }));
  scope.set("object", object);
  scope.set("oldObject", object);
  const params = api
    .kinds()
    .find((kind) => apiVersionOf(kind) === paramKind?.apiVersion && kind.kind === paramKind.kind);
  const type = params && objectType(params);
  if (type) scope.set("params", type);
  return scope;
}

function faultOf(text: string, scope: ReadonlyMap<string, CelType>): string | undefined {
  try {
    const { problems } = celCheck(text, celProgram(text), scope);
    if (problems.length === 0) return undefined;
    return problems.map(({ at, what }) => celCompileError(text, at, what)).join("\n");
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function objectType(kind: Kind): CelType | undefined {
  const type = kind.type ?? typeOfKind(kind.group, kind.version, kind.kind);
  return type && celTypeOf(type);
}

/** The kinds that a policy names without wildcards, by group, version and kind. */
function kindsOf({ matchConstraints }: Spec, api: Api): readonly Kind[] {
  const found = new Set<Kind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of matchConstraints?.resourceRules ?? []) {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes("*"))) continue;
    const named = api
      .kinds()
      .filter(
        ({ group, version, plural }) =>
          apiGroups.includes(group) && apiVersions.includes(version) && resources.includes(plural),
      );
    for (const kind of named.slice(0, LIMIT)) found.add(kind);
  }
  const keyOf = ({ group, version, kind }: Kind) => `${group}/${version}/${kind}`;
  return [...found].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
