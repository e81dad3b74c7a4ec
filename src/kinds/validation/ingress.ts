import type { Problem } from "../define.ts";
import { forbidden, required, tooLong, unsupported, wrong } from "../problem.ts";
import type { Ingress, IngressBackend, IngressClass, IngressRule } from "../types/network.ts";
import { sloppyIp } from "./addresses.ts";
import { check } from "./labels.ts";
import { dnsLabel, dnsSubdomain, isPortNumber, pathSegment, portName, portRange, wildcardSubdomain } from "./words.ts";

// kubernetes pkg/apis/networking/validation, 1.35.

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const badParts = ["//", "/./", "/../", "%2f", "%2F"];
const badEnds = ["/..", "/."];

/** What is wrong with an ingress. */
export function ingressProblems({ spec = {} }: Ingress): readonly Problem[] {
  const problems: Problem[] = [];
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend)
    problems.push(wrong("spec", spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"));
  if (defaultBackend) checkBackend(defaultBackend, "spec.defaultBackend", problems);
  for (const [index, rule] of rules.entries()) checkRule(rule, `spec.rules[${index}]`, problems);
  for (const [index, { hosts = [], secretName }] of tls.entries()) {
    for (const [place, host] of hosts.entries())
      check(
        host.includes("*") ? wildcardSubdomain : dnsSubdomain,
        host,
        `spec.tls[${index}].hosts[${place}]`,
        problems,
      );
    if (secretName) check(dnsSubdomain, secretName, `spec.tls[${index}].secretName`, problems);
  }
  if (ingressClassName !== undefined) check(dnsSubdomain, ingressClassName, "spec.ingressClassName", problems);
  return problems;
}

/** The old annotation and the field that took its place may not differ at creation. */
export function ingressProblemsOfCreate({ metadata, spec }: Ingress): readonly Problem[] {
  const mark = metadata.annotations?.["kubernetes.io/ingress.class"];
  if (mark === undefined || spec?.ingressClassName === undefined || mark === spec.ingressClassName) return [];
  const path = "annotations.kubernetes.io/ingress.class";
  return [wrong(path, mark, "must match `ingressClassName` when both are specified")];
}

function checkRule({ host, http }: IngressRule, path: string, problems: Problem[]): void {
  if (host) {
    if (sloppyIp(host)) problems.push(wrong(`${path}.host`, host, "must be a DNS name, not an IP address"));
    check(host.includes("*") ? wildcardSubdomain : dnsSubdomain, host, `${path}.host`, problems);
  }
  if (!http) return;
  if (!http.paths?.length) problems.push(required(`${path}.http.paths`));
  for (const [index, { path: text = "", pathType, backend }] of (http.paths ?? []).entries()) {
    const at = `${path}.http.paths[${index}]`;
    // A pointer that Go always writes: null where it was left out.
    if (pathType === undefined || pathType === null) {
      problems.push(required(`${at}.pathType`, "pathType must be specified"));
      continue;
    }
    checkPath(text, pathType, at, problems);
    checkBackend(backend ?? {}, `${at}.backend`, problems);
  }
}

function checkPath(text: string, pathType: string, at: string, problems: Problem[]): void {
  const path = `${at}.path`;
  if (!pathTypes.includes(pathType)) {
    problems.push(unsupported(`${at}.pathType`, pathType, pathTypes));
    return;
  }
  const free = pathType === "ImplementationSpecific";
  if (!text.startsWith("/") && !(free && text === "")) problems.push(wrong(path, text, "must be an absolute path"));
  if (free) return;
  for (const part of badParts) if (text.includes(part)) problems.push(wrong(path, text, `must not contain '${part}'`));
  for (const end of badEnds) if (text.endsWith(end)) problems.push(wrong(path, text, `cannot end with '${end}'`));
}

function checkBackend({ service, resource }: IngressBackend, path: string, problems: Problem[]): void {
  if (service && resource) problems.push(wrong(path, "", "cannot set both resource and service backends"));
  else if (resource) checkReference(resource, `${path}.resource`, problems);
  else if (service) {
    if (!service.name) problems.push(required(`${path}.service.name`));
    else check(dnsLabel, service.name, `${path}.service.name`, problems);
    const { name, number } = service.port ?? {};
    if (name && number) problems.push(wrong(path, "", "cannot set both port name & port number"));
    else if (name) check(portName, name, `${path}.service.port.name`, problems);
    else if (number) {
      if (!isPortNumber(number)) problems.push(wrong(`${path}.service.port.number`, number, portRange));
    } else problems.push(required(path, "port name or number is required"));
  } else problems.push(wrong(path, "", "resource or service backend is required"));
}

interface Reference {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

function checkReference({ apiGroup, kind, name }: Reference, path: string, problems: Problem[]): void {
  if (apiGroup !== undefined) check(dnsSubdomain, apiGroup, `${path}.apiGroup`, problems);
  for (const [field, text] of [
    ["kind", kind],
    ["name", name],
  ] as const)
    if (!text) problems.push(required(`${path}.${field}`));
    else check(pathSegment, text, `${path}.${field}`, problems);
}

/** The longest name of a controller, in bytes. */
const controllerLimit = 250;

/** What is wrong with an ingress class. */
export function ingressClassProblems({ spec = {} }: IngressClass): readonly Problem[] {
  const problems: Problem[] = [];
  const { controller = "", parameters } = spec;
  if (controller === "") problems.push(required("spec.controller"));
  else {
    if (controller.length > controllerLimit) problems.push(tooLong("spec.controller", controllerLimit));
    checkPrefixedPath(controller, "spec.controller", problems);
  }
  if (!parameters) return problems;
  const path = "spec.parameters";
  checkReference(parameters, path, problems);
  const { scope, namespace } = parameters;
  if (scope === undefined) problems.push(required(`${path}.scope`));
  else if (scope === "Namespace") {
    if (namespace === undefined)
      problems.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    else check(dnsLabel, namespace, `${path}.namespace`, problems);
  } else if (scope !== "Cluster") problems.push(unsupported(`${path}.scope`, scope, ["Cluster", "Namespace"]));
  else if (namespace !== undefined)
    problems.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  return problems;
}

/** A domain and a path: k8s.io/ingress-nginx (util/validation IsDomainPrefixedPath, 1.35). */
function checkPrefixedPath(text: string, path: string, problems: Problem[]): void {
  const slash = text.indexOf("/");
  if (slash < 0) {
    const detail = 'must be a domain-prefixed path (such as "acme.io/foo")';
    problems.push(wrong(path, text, detail));
    return;
  }
  const [domain, rest] = [text.slice(0, slash), text.slice(slash + 1)];
  for (const detail of dnsSubdomain(domain)) problems.push(wrong(path, domain, detail));
  if (rest === "") problems.push(wrong(path, rest, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)) {
    const detail = "Invalid path (e.g. 'foo', regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
    problems.push(wrong(path, rest, detail));
  }
}
