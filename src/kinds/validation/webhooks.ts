import { admissionVariables } from "../admission-expressions.ts";
import type { Problem } from "../define.ts";
import { duplicate, required, unsupported, wrong } from "../problem.ts";
import type { Webhook, WebhookClientConfig, WebhookConfiguration } from "../types/admission.ts";
import { check, checkSelector } from "./labels.ts";
import { matchConditionProblems } from "./match-conditions.ts";
import { failurePolicies, matchPolicies, ruleProblems } from "./operation-rules.ts";
import { dnsLabel1035, dnsSubdomain, isPortNumber, portRange } from "./words.ts";

// kubernetes pkg/apis/admissionregistration/validation and apiserver pkg/util/webhook/validation.go, 1.35.

const sideEffectClasses = ["None", "NoneOnDryRun"];
const reinvocationPolicies = ["IfNeeded", "Never"];
const reviewVersions = ["v1", "v1beta1"];
const variables = admissionVariables({ params: false, authorizer: true });

/** What is wrong with the webhooks of a configuration. */
export function webhookProblems({ webhooks = [] }: WebhookConfiguration): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [i, hook] of webhooks.entries()) {
    const path = `webhooks[${i}]`;
    problems.push(...problemsOfOne(hook, path));
    problems.push(...versionProblems(hook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`));
    if (hook.name && seen.has(hook.name)) problems.push(duplicate(`${path}.name`, hook.name));
    seen.add(hook.name);
  }
  return problems;
}

function problemsOfOne(hook: Webhook, path: string): readonly Problem[] {
  const problems: Problem[] = [...nameProblems(hook.name ?? "", `${path}.name`)];
  for (const [i, rule] of (hook.rules ?? []).entries()) problems.push(...ruleProblems(rule, `${path}.rules[${i}]`));
  const oneOf = (field: "failurePolicy" | "matchPolicy" | "reinvocationPolicy", known: readonly string[]) => {
    const value = hook[field];
    if (value !== undefined && !known.includes(value)) problems.push(unsupported(`${path}.${field}`, value, known));
  };
  oneOf("failurePolicy", failurePolicies);
  oneOf("matchPolicy", matchPolicies);
  const { sideEffects, timeoutSeconds } = hook;
  if (sideEffects === undefined)
    problems.push(required(`${path}.sideEffects`, `must specify one of ${sideEffectClasses.join(", ")}`));
  else if (!sideEffectClasses.includes(sideEffects))
    problems.push(unsupported(`${path}.sideEffects`, sideEffects, sideEffectClasses));
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1))
    problems.push(
      wrong(`${path}.timeoutSeconds`, timeoutSeconds, "the timeout value must be between 1 and 30 seconds"),
    );
  checkSelector(hook.namespaceSelector, `${path}.namespaceSelector`, problems);
  checkSelector(hook.objectSelector, `${path}.objectSelector`, problems);
  oneOf("reinvocationPolicy", reinvocationPolicies);
  problems.push(...clientProblems(hook.clientConfig ?? {}, `${path}.clientConfig`));
  problems.push(...matchConditionProblems(hook.matchConditions ?? [], variables, `${path}.matchConditions`));
  return problems;
}

function nameProblems(name: string, path: string): readonly Problem[] {
  if (name === "") return [required(path)];
  const faults = dnsSubdomain(name);
  if (faults.length > 0) return [wrong(path, name, faults.join(","))];
  if (name.split(".").length >= 3) return [];
  return [wrong(path, name, "should be a domain with at least three segments separated by dots")];
}

function versionProblems(versions: readonly string[], path: string): readonly Problem[] {
  if (versions.length === 0) return [required(path, `must specify one of ${reviewVersions.join(", ")}`)];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [i, version] of versions.entries()) {
    if (seen.has(version)) problems.push(wrong(`${path}[${i}]`, version, "duplicate version"));
    else check(dnsLabel1035, version, `${path}[${i}]`, problems);
    seen.add(version);
  }
  if (!versions.some((version) => reviewVersions.includes(version)))
    problems.push(wrong(path, versions, `must include at least one of ${reviewVersions.join(", ")}`));
  return problems;
}

function clientProblems({ url, service }: WebhookClientConfig, path: string): readonly Problem[] {
  if ((url === undefined) === (service === undefined))
    return [required(path, "exactly one of url or service is required")];
  if (url !== undefined) return urlProblems(url, `${path}.url`);
  return service ? serviceProblems(service, `${path}.service`) : [];
}

function urlProblems(url: string, path: string): readonly Problem[] {
  const [, scheme = "", user, host = "", query, fragment] =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(url) ?? [];
  const form = "; desired format: https://host[/path]";
  const problems: Problem[] = [];
  if (scheme.toLowerCase() !== "https")
    problems.push(wrong(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`));
  if (host === "") problems.push(wrong(path, "", `host must be specified${form}`));
  if (user !== undefined) problems.push(wrong(path, user, "user information is not permitted in the URL"));
  if (fragment) problems.push(wrong(path, fragment, "fragments are not permitted in the URL"));
  if (query) problems.push(wrong(path, query, "query parameters are not permitted in the URL"));
  return problems;
}

/** Name and namespace have changed places in what the API server says of a missing one. */
function serviceProblems(service: NonNullable<WebhookClientConfig["service"]>, path: string): readonly Problem[] {
  const { namespace, name, port = 443, path: below = "" } = service;
  const problems: Problem[] = [];
  if (!namespace) problems.push(required(`${path}.name`));
  if (!name) problems.push(required(`${path}.namespace`));
  if (!isPortNumber(port)) problems.push(wrong(`${path}.port`, port, `port is not valid: ${portRange}`));
  return [...problems, ...pathProblems(below, `${path}.path`)];
}

function pathProblems(path: string, at: string): readonly Problem[] {
  if (path === "" || path === "/") return [];
  if (path === "//") return [wrong(at, path, "segment[0] may not be empty")];
  const problems: Problem[] = [];
  if (!path.startsWith("/")) problems.push(wrong(at, path, "must start with a '/'"));
  for (const [i, step] of path.slice(1).replace(/\/$/, "").split("/").entries()) {
    if (step === "") problems.push(wrong(at, path, `segment[${i}] may not be empty`));
    else for (const fault of dnsSubdomain(step)) problems.push(wrong(at, path, `segment[${i}]: ${fault}`));
  }
  return problems;
}
