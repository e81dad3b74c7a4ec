import type { CelType } from "../../schema/cel-types.ts";
import { admissionVariables, compiled, expressionProblems } from "../admission-expressions.ts";
import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, unsupported, wrong } from "../problem.ts";
import type {
  ParamKind,
  ParamRef,
  PolicyValidation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "../types/admission.ts";
import { check, checkSelector } from "./labels.ts";
import { matchConditionProblems } from "./match-conditions.ts";
import { failurePolicies, matchProblems } from "./operation-rules.ts";
import { dnsLabel1035, dnsSubdomain, labelKey, pathSegment } from "./words.ts";

// kubernetes pkg/apis/admissionregistration/validation, 1.35.

const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const actions = ["Audit", "Deny", "Warn"];
const annotationLimit = 20;
const annotationBytes = 5 * 1024;
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

type Scope = ReadonlyMap<string, CelType>;

/** What is wrong with a policy. */
export function policyProblems({ metadata, spec }: ValidatingAdmissionPolicy): readonly Problem[] {
  const problems: Problem[] = [];
  const { failurePolicy = "", paramKind, matchConstraints, validations = [], auditAnnotations = [] } = spec;
  if (!failurePolicies.includes(failurePolicy))
    problems.push(unsupported("spec.failurePolicy", failurePolicy, failurePolicies));
  if (paramKind) problems.push(...paramKindProblems(paramKind, "spec.paramKind"));
  if (!matchConstraints) problems.push(required("spec.matchConstraints"));
  else {
    problems.push(...matchProblems(matchConstraints, "spec.matchConstraints"));
    if (!matchConstraints.resourceRules?.length) problems.push(required("spec.matchConstraints.resourceRules"));
  }
  const params = paramKind !== undefined;
  const plain = admissionVariables({ params, authorizer: true });
  problems.push(...matchConditionProblems(spec.matchConditions ?? [], plain, "spec.matchConditions"));
  const variables = variableTypes(spec.variables ?? [], params, problems);
  const whole = admissionVariables({ params, authorizer: true, ...(variables ? { variables } : {}) });
  const forMessages = admissionVariables({ params, authorizer: false, ...(variables ? { variables } : {}) });
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = "validations or auditAnnotations must contain at least one item";
    return [...problems, required("spec.validations", detail), required("spec.auditAnnotations", detail)];
  }
  for (const [i, validation] of validations.entries())
    problems.push(...validationProblems(validation, whole, forMessages, `spec.validations[${i}]`));
  return [...problems, ...annotationProblems(metadata.name ?? "", auditAnnotations, whole)];
}

function paramKindProblems({ apiVersion = "", kind = "" }: ParamKind, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const at = `${path}.apiVersion`;
  const parts = apiVersion.split("/");
  const [group, version] = parts.length === 1 ? ["", apiVersion] : parts;
  if (apiVersion === "") problems.push(required(at));
  else if (parts.length > 2) problems.push(wrong(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    if (group) joined(dnsSubdomain(group), at, group, "", problems);
    if (!version) problems.push(wrong(at, apiVersion, "version must be specified"));
    else joined(dnsLabel1035(version), at, version, "", problems);
  }
  if (kind === "") problems.push(required(`${path}.kind`));
  else {
    const before = "may have mixed case, but should otherwise match: ";
    joined(dnsLabel1035(kind.toLowerCase()), `${path}.kind`, kind, before, problems);
  }
  return problems;
}

function joined(faults: readonly string[], path: string, value: string, before: string, problems: Problem[]): void {
  if (faults.length > 0) problems.push(wrong(path, value, before + faults.join(",")));
}

/** The types of the policy's own variables, each of which sees those before it; undefined where there are none. */
function variableTypes(
  list: readonly { name?: string; expression?: string }[],
  params: boolean,
  problems: Problem[],
): Record<string, CelType> | undefined {
  if (list.length === 0) return undefined;
  const types: Record<string, CelType> = {};
  for (const [i, { name = "", expression = "" }] of list.entries()) {
    const path = `spec.variables[${i}]`;
    if (name.trim() === "") problems.push(required(`${path}.name`, "name is not specified"));
    else if (!identifier.test(name) || reserved.has(name))
      problems.push(wrong(`${path}.name`, name, "name is not a valid CEL identifier"));
    if (expression.trim() === "") {
      problems.push(required(`${path}.expression`, "expression is not specified"));
      continue;
    }
    const result = compiled(expression, admissionVariables({ params, authorizer: true, variables: types }));
    if ("fault" in result)
      problems.push(wrong(`${path}.expression`, expression, `compilation failed: ${result.fault}`));
    types[name] = "fault" in result ? "dyn" : result.type;
  }
  return types;
}

function validationProblems(validation: PolicyValidation, whole: Scope, forMessages: Scope, path: string): Problem[] {
  const { expression = "", message = "", messageExpression = "", reason } = validation;
  const problems: Problem[] = [];
  if (expression.trim() === "") problems.push(required(`${path}.expression`, "expression is not specified"));
  else problems.push(...expressionProblems(expression, whole, ["bool"], `${path}.expression`));
  const at = `${path}.messageExpression`;
  if (messageExpression !== "" && messageExpression.trim() === "")
    problems.push(wrong(at, messageExpression, "must be non-empty if specified"));
  else if (messageExpression !== "")
    problems.push(...expressionProblems(messageExpression, forMessages, ["string"], at));
  if (message !== "" && message.trim() === "")
    problems.push(wrong(`${path}.message`, message, "message must be non-empty if specified"));
  else if (/[\n\r]/.test(message.trim()))
    problems.push(wrong(`${path}.message`, message, "message must not contain line breaks"));
  if (reason !== undefined && !reasons.includes(reason)) problems.push(unsupported(`${path}.reason`, reason, reasons));
  return problems;
}

function annotationProblems(
  policy: string,
  list: NonNullable<ValidatingAdmissionPolicy["spec"]["auditAnnotations"]>,
  whole: Scope,
): readonly Problem[] {
  const problems: Problem[] = [];
  const path = "spec.auditAnnotations";
  if (list.length > annotationLimit)
    problems.push(wrong(path, list, `must not have more than ${annotationLimit} auditAnnotations`));
  const seen = new Set<string>();
  for (const [i, { key = "", valueExpression = "" }] of list.entries()) {
    const at = `${path}[${i}]`;
    if (policy === "") problems.push(wrong(`${at}.key`, key, "requires metadata.name be non-empty"));
    else check(labelKey, `${policy}/${key}`, `${at}.key`, problems);
    const text = valueExpression.trim();
    if (text === "") problems.push(required(`${at}.valueExpression`, "valueExpression is not specified"));
    else if (text.length > annotationBytes)
      problems.push(required(`${at}.valueExpression`, `must not exceed ${annotationBytes} bytes in length`));
    else problems.push(...expressionProblems(text, whole, ["string", "null"], `${at}.valueExpression`));
    if (seen.has(key)) problems.push(duplicate(`${at}.key`, key));
    seen.add(key);
  }
  return problems;
}

/** What is wrong with a binding. */
export function bindingProblems({ spec }: ValidatingAdmissionPolicyBinding): readonly Problem[] {
  const problems: Problem[] = [];
  const { policyName = "", paramRef, matchResources, validationActions = [] } = spec;
  if (policyName === "") problems.push(required("spec.policyName"));
  else check(dnsSubdomain, policyName, "spec.policyName", problems);
  if (paramRef) problems.push(...paramRefProblems(paramRef, "spec.paramRef"));
  if (matchResources) problems.push(...matchProblems(matchResources, "spec.matchResources"));
  return [...problems, ...actionProblems(validationActions, "spec.validationActions")];
}

function paramRefProblems(
  { name = "", selector, parameterNotFoundAction: action }: ParamRef,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const exclusive = "name and selector are mutually exclusive";
  if (name !== "") check(pathSegment, name, `${path}.name`, problems);
  if (name !== "" && selector) problems.push(forbidden(`${path}.name`, exclusive));
  checkSelector(selector, `${path}.selector`, problems);
  if (name !== "" && selector) problems.push(forbidden(`${path}.selector`, exclusive));
  if (name === "" && !selector) problems.push(required(path, "one of name or selector must be specified"));
  if (!action) problems.push(required(`${path}.parameterNotFoundAction`));
  else if (action !== "Deny" && action !== "Allow")
    problems.push(unsupported(`${path}.parameterNotFoundAction`, action, ["Deny", "Allow"]));
  return problems;
}

function actionProblems(list: readonly string[], path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [i, action] of list.entries()) {
    if (!actions.includes(action)) problems.push(unsupported(`${path}[${i}]`, action, actions));
    if (seen.has(action)) problems.push(duplicate(`${path}[${i}]`, action));
    seen.add(action);
  }
  if (seen.has("Deny") && seen.has("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    problems.push(wrong(path, list, detail));
  }
  if (seen.size === 0) problems.push(required(path, "at least one validation action is required"));
  return problems;
}
