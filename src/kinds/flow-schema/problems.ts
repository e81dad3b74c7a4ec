import type { Problem } from "../define.ts";
import { equal } from "../equal.ts";
import { flowSchemas, mandatory, withGoNames } from "../flow-control.ts";
import { forbidden, required, unsupported, wrong } from "../problem.ts";
import type { FlowPathRule, FlowResourceRule, FlowRule, FlowSchema, FlowSubject } from "../types/flow-control.ts";
import { check } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain } from "../validation/words.ts";

// kubernetes pkg/apis/flowcontrol/validation, 1.35.

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
const methods = ["ByNamespace", "ByUser"];
const kinds = ["Group", "ServiceAccount", "User"];

/** What is wrong with a flow schema. */
export function flowSchemaProblems({ metadata, spec }: FlowSchema): readonly Problem[] {
  const problems: Problem[] = [];
  const { matchingPrecedence: precedence = 0, distinguisherMethod, rules = [] } = spec;
  const at = "spec.matchingPrecedence";
  if (precedence <= 0) problems.push(wrong(at, precedence, "must be a positive value"));
  if (precedence > 10000) problems.push(wrong(at, precedence, "must not be greater than 10000"));
  if (precedence === 1 && metadata.name !== "exempt")
    problems.push(wrong(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (distinguisherMethod && !methods.includes(distinguisherMethod.type ?? ""))
    problems.push(unsupported("spec.distinguisherMethod.type", { Type: distinguisherMethod.type ?? "" }, methods));
  const level = spec.priorityLevelConfiguration?.name ?? "";
  const levelPath = "spec.priorityLevelConfiguration.name";
  if (level === "") problems.push(required(levelPath, "must reference a priority level"));
  else check(dnsSubdomain, level, levelPath, problems);
  for (const [index, rule] of rules.entries()) checkRule(rule, `spec.rules[${index}]`, problems);
  if (mandatory.includes(metadata.name) && !equal(spec, flowSchemas[metadata.name]))
    problems.push(wrong("spec", withGoNames(spec), `spec of '${metadata.name}' must equal the fixed value`));
  return problems;
}

function checkRule(rule: FlowRule, path: string, problems: Problem[]): void {
  const { resourceRules = [], nonResourceRules = [] } = rule;
  const subjects = rule.subjects ?? [];
  if (subjects.length === 0) problems.push(required(`${path}.subjects`, "subjects must contain at least one value"));
  for (const [index, subject] of subjects.entries()) checkSubject(subject, `${path}.subjects[${index}]`, problems);
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    problems.push(required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
  for (const [index, one] of resourceRules.entries())
    checkResourceRule(one, `${path}.resourceRules[${index}]`, problems);
  for (const [index, one] of nonResourceRules.entries())
    checkPathRule(one, `${path}.nonResourceRules[${index}]`, problems);
}

const fieldsOfKind = { ServiceAccount: "serviceAccount", User: "user", Group: "group" } as const;

function checkSubject(subject: FlowSubject, path: string, problems: Problem[]): void {
  const { kind = "" } = subject;
  if (!kinds.includes(kind)) {
    problems.push(unsupported(`${path}.kind`, kind, kinds));
    return;
  }
  for (const [name, field] of Object.entries(fieldsOfKind)) {
    const at = `${path}.${field}`;
    const value = subject[field] as { name?: string; namespace?: string } | undefined;
    if (name !== kind) {
      if (value) problems.push(forbidden(at, `${field} is forbidden when subject kind is not '${name}'`));
    } else if (!value) problems.push(required(at, `${field} is required when subject kind is '${name}'`));
    else {
      if (!value.name) problems.push(required(`${at}.name`));
      else if (name === "ServiceAccount" && value.name !== "*") check(dnsSubdomain, value.name, `${at}.name`, problems);
      if (name === "ServiceAccount") checkNamespace(value.namespace, `${at}.namespace`, problems);
    }
  }
}

function checkNamespace(namespace: string | undefined, path: string, problems: Problem[]): void {
  if (!namespace) problems.push(required(path, "must specify namespace for service account"));
  else check(dnsLabel, namespace, path, problems);
}

function checkVerbs(listed: readonly string[] | undefined, path: string, problems: Problem[]): void {
  const asked = listed ?? [];
  if (asked.length === 0) problems.push(required(path, "verbs must contain at least one value"));
  else if (asked.includes("*")) checkAlone(asked, "verbs", path, problems);
  else if (asked.some((verb) => !verbs.includes(verb))) problems.push(unsupported(path, asked, verbs));
}

function checkAlone(values: readonly string[], what: string, path: string, problems: Problem[]): void {
  if (values.includes("*") && values.length > 1)
    problems.push(wrong(path, values, `if '*' is present, must not specify other ${what}`));
}

function checkResourceRule(rule: FlowResourceRule, path: string, problems: Problem[]): void {
  const { clusterScope } = rule;
  const namespaces = rule.namespaces ?? [];
  const [apiGroups, resources] = [rule.apiGroups ?? [], rule.resources ?? []];
  checkVerbs(rule.verbs, `${path}.verbs`, problems);
  if (apiGroups.length === 0)
    problems.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  else checkAlone(apiGroups, "api groups", `${path}.apiGroups`, problems);
  if (resources.length === 0)
    problems.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  else checkAlone(resources, "resources", `${path}.resources`, problems);
  const at = `${path}.namespaces`;
  if (namespaces.length === 0 && !clusterScope) {
    const detail = "resource rules that are not cluster scoped must supply at least one namespace";
    problems.push(required(at, detail));
  } else if (namespaces.includes("*")) checkAlone(namespaces, "namespaces", at, problems);
  else
    for (const [index, name] of namespaces.entries())
      for (const detail of dnsLabel(name)) {
        const intro = "each member of this list must be '*' or a DNS-1123 label; ";
        problems.push(wrong(`${at}[${index}]`, name, intro + detail));
      }
}

function checkPathRule({ verbs: asked, nonResourceURLs }: FlowPathRule, path: string, problems: Problem[]) {
  checkVerbs(asked, `${path}.verbs`, problems);
  const urls = nonResourceURLs ?? [];
  const at = `${path}.nonResourceURLs`;
  if (urls.length === 0) problems.push(required(at, "nonResourceURLs must contain at least one value"));
  else if (urls.includes("*")) checkAlone(urls, "non-resource URLs", at, problems);
  else
    for (const [index, url] of urls.entries()) {
      const detail = urlProblem(url);
      if (detail) problems.push(wrong(`${at}[${index}]`, url, detail));
    }
}

function urlProblem(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const stars = url.split("*").length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith("/*")) ? "wildcard can only do suffix matching" : undefined;
}
