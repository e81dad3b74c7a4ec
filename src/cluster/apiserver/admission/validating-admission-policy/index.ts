import type { Kind } from "../../../../kinds/define.ts";
import { Status, type StatusReason } from "../../../../kinds/status.ts";
import type {
  MatchResources,
  NamedOperationRule,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "../../../../kinds/types/admission.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../../define.ts";
import { forbidden } from "../../errors.ts";
import { requestVariables, seen } from "../expressions.ts";
import { isExempt, matchedKind, namespaceMatches, objectMatches } from "../matching.ts";
import { nameIn, namespaceIn } from "../requests.ts";
import { type Breach, compiledPolicy, judged } from "./compiled-policy.ts";
import { paramKindOf, paramsOf } from "./params.ts";

const POLICIES = "validatingadmissionpolicies.admissionregistration.k8s.io";
const BINDINGS = "validatingadmissionpolicybindings.admissionregistration.k8s.io";

const FAILURE = "validation.policy.admission.k8s.io/validation_failure";

interface Denial extends Breach {
  readonly policy: string;
  readonly binding: string | undefined;
}

/** Holds requests against the policies that are bound (apiserver pkg/admission/plugin/policy/validating, 1.35). */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  validate(request, server) {
    const bindings = server.list<ValidatingAdmissionPolicyBinding>(BINDINGS);
    if (bindings.length === 0 || isExempt(request)) return;
    const denials: Denial[] = [];
    for (const policy of server.list<ValidatingAdmissionPolicy>(POLICIES)) {
      const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
      if (bound.length > 0) hold(request, policy, bound, denials, server);
    }
    const [first] = denials;
    if (first) throw refusal(request, first);
  },
};

/** Adds what a policy with its bindings denies; what they only warn of is said at once. */
function hold(
  request: AdmissionRequest,
  policy: ValidatingAdmissionPolicy,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
  denials: Denial[],
  server: AdmissionTools,
): void {
  const { spec, metadata } = policy;
  const kind = matches(spec.matchConstraints ?? {}, request, server);
  if (!kind) return;
  const paramKind = spec.paramKind && paramKindOf(spec.paramKind, server);
  const misconfigured = (binding: string | undefined, message: string) => {
    if (spec.failurePolicy !== "Ignore") denials.push({ policy: metadata.name, binding, message, reason: undefined });
  };
  if (typeof paramKind === "string") {
    misconfigured(undefined, `failed to configure policy: ${paramKind}`);
    return;
  }
  const compiled = compiledPolicy(policy);
  const variables = requestVariables(request, kind, server);
  const remarks = new Map<string, Set<string>>();
  for (const binding of bindings) {
    const { name } = binding.metadata;
    if (binding.spec.matchResources && !matches(binding.spec.matchResources, request, server)) continue;
    const params = paramsOf(paramKind, binding.spec.paramRef, namespaceIn(request), server);
    if (typeof params === "string") {
      misconfigured(name, `failed to configure binding: ${params}`);
      continue;
    }
    for (const param of params) {
      const given = spec.paramKind ? { ...variables, params: seen(param) } : variables;
      const { breaches, faults, remarks: found } = judged(compiled, given);
      for (const breach of breaches) act(binding, breach, metadata.name, denials, server);
      for (const fault of faults) denials.push({ ...fault, policy: metadata.name, binding: name });
      for (const { key, value } of found) remarks.set(key, (remarks.get(key) ?? new Set()).add(value));
    }
  }
  for (const [key, values] of remarks) server.annotate(`${metadata.name}/${key}`, [...values].join(", "));
}

function act(
  { metadata, spec }: ValidatingAdmissionPolicyBinding,
  breach: Breach,
  policy: string,
  denials: Denial[],
  server: AdmissionTools,
): void {
  for (const action of spec.validationActions ?? []) {
    if (action === "Deny") denials.push({ ...breach, policy, binding: metadata.name });
    if (action === "Audit")
      server.annotate(FAILURE, failureText(policy, metadata.name, breach, spec.validationActions));
    if (action !== "Warn") continue;
    const who = `ValidatingAdmissionPolicy '${policy}' with binding '${metadata.name}'`;
    server.warn(`Validation failed for ${who}: ${breach.message}`);
  }
}

/** What the audit log is told of a rule that is not kept. */
function failureText(
  policy: string,
  binding: string,
  { message, index = 0 }: Breach,
  validationActions: readonly string[] = [],
) {
  return JSON.stringify([{ message, policy, binding, expressionIndex: index, validationActions }]);
}

/** The kind that a request is matched as (policy/matching/matching.go, 1.35). */
function matches(match: MatchResources, request: AdmissionRequest, server: AdmissionTools): Kind | undefined {
  const { matchPolicy, resourceRules = [], excludeResourceRules = [] } = match;
  if (!objectMatches(match.objectSelector, request)) return undefined;
  const hasName = ({ resourceNames = [] }: NamedOperationRule) =>
    resourceNames.length === 0 || resourceNames.includes(nameIn(request));
  if (excludeResourceRules.length > 0 && matchedKind(excludeResourceRules, matchPolicy, request, server, hasName))
    return undefined;
  const kind =
    resourceRules.length === 0 ? request.kind : matchedKind(resourceRules, matchPolicy, request, server, hasName);
  return kind && namespaceMatches(match.namespaceSelector, request, server) ? kind : undefined;
}

/** The first denial; it is Forbidden in words and what the rule says in its reason. */
function refusal(request: AdmissionRequest, { policy, binding, message, reason = "Invalid" }: Denial): Status {
  const who = `ValidatingAdmissionPolicy '${policy}'${binding === undefined ? "" : ` with binding '${binding}'`}`;
  const text = `${who} denied request: ${message}`;
  const plain = forbidden(request.kind, nameIn(request), text);
  return new Status(reason as StatusReason, plain.message, { ...plain.details, causes: [{ message: text }] });
}
