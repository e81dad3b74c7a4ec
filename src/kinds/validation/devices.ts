import type { Problem } from "../define.ts";
import { deviceExpression } from "../device-expressions.ts";
import { duplicate, required, tooLong, unsupported, wrong } from "../problem.ts";
import type { DeviceClaim, DeviceConfig, DeviceRequest, DeviceToleration, ExactRequest } from "../types/devices.ts";
import { check } from "./labels.ts";
import { dnsLabel, dnsSubdomain, labelKey, labelValue } from "./words.ts";

// kubernetes pkg/apis/resource/validation, 1.35.

const most = 32;
const mostSubrequests = 8;
const expressionLimit = 10 * 1024;

function checkName(name: string | undefined, path: string, problems: Problem[]): void {
  if (name === undefined || name === "") problems.push(required(path));
  else check(dnsLabel, name, path, problems);
}

/** A name that must be a DNS subdomain. */
export function checkSubdomain(name: string | undefined, path: string, problems: Problem[]): void {
  if (!name) problems.push(required(path));
  else check(dnsSubdomain, name, path, problems);
}

function tooMany(count: number, limit: number, path: string, problems: Problem[]): void {
  const detail = `must have at most ${limit} items`;
  if (count > limit) problems.push({ type: "TooMany", path, value: count, detail });
}

/** Expressions that choose devices. */
export function checkDeviceSelectors(selectors: ExactRequest["selectors"] = [], path: string, problems: Problem[]) {
  tooMany(selectors.length, most, path, problems);
  for (const [index, { cel }] of selectors.entries()) {
    const at = `${path}[${index}].cel`;
    if (!cel) problems.push(required(at));
    else if ((cel.expression ?? "").length > expressionLimit)
      problems.push(tooLong(`${at}.expression`, expressionLimit));
    else {
      const expression = cel.expression ?? "";
      const program = deviceExpression(expression);
      if (typeof program === "string") problems.push(wrong(`${at}.expression`, expression, program));
    }
  }
}

/** What is handed on to a driver as it is. */
export function checkDeviceConfig(config: DeviceConfig, path: string, problems: Problem[]): void {
  if (!config.opaque) {
    problems.push(required(`${path}.opaque`));
    return;
  }
  const { driver, parameters } = config.opaque;
  checkSubdomain(driver, `${path}.opaque.driver`, problems);
  const at = `${path}.opaque.parameters`;
  if (parameters === undefined || parameters === null) problems.push(required(at));
  else if (typeof parameters !== "object" || Array.isArray(parameters))
    problems.push(wrong(at, "<value omitted>", "parameters must be a valid JSON object"));
}

/** The devices of a claim, or of a claim's template. */
export function checkDeviceClaim(claim: DeviceClaim | undefined, path: string, problems: Problem[]): void {
  const { constraints = [], config = [] } = claim ?? {};
  const requests = claim?.requests ?? [];
  tooMany(requests.length, most, `${path}.requests`, problems);
  const names = new Set<string>();
  for (const [index, request] of requests.entries()) {
    const at = `${path}.requests[${index}]`;
    checkRequest(request, at, problems);
    if (request.name && names.has(request.name)) problems.push(duplicate(at, request.name));
    names.add(request.name ?? "");
    for (const { name } of request.firstAvailable ?? []) names.add(`${request.name}/${name}`);
  }
  tooMany(constraints.length, most, `${path}.constraints`, problems);
  for (const [index, { requests: of = [], matchAttribute, distinctAttribute }] of constraints.entries()) {
    const at = `${path}.constraints[${index}]`;
    checkReferences(of, names, `${at}.requests`, problems);
    const attribute = matchAttribute === undefined ? "distinctAttribute" : "matchAttribute";
    const value = matchAttribute ?? distinctAttribute;
    if (value === undefined) problems.push(required(`${at}.matchAttribute`));
    else checkAttributeName(value, `${at}.${attribute}`, problems);
  }
  tooMany(config.length, most, `${path}.config`, problems);
  for (const [index, one] of config.entries()) {
    checkReferences(one.requests ?? [], names, `${path}.config[${index}].requests`, problems);
    checkDeviceConfig(one, `${path}.config[${index}]`, problems);
  }
}

function checkReferences(of: readonly string[], names: ReadonlySet<string>, path: string, problems: Problem[]): void {
  for (const [index, name] of of.entries()) {
    const at = `${path}[${index}]`;
    for (const part of name.split("/").slice(0, 2)) checkName(part, at, problems);
    const detail =
      "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    if (!names.has(name)) problems.push(wrong(at, name, detail));
    if (of.indexOf(name) < index) problems.push(duplicate(at, name));
  }
}

function checkAttributeName(name: string, path: string, problems: Problem[]): void {
  if (name === "") problems.push(required(path));
  else if (!name.includes("/")) problems.push(wrong(path, name, "must include a domain"));
  else {
    const [domain = "", id = ""] = name.split("/", 2);
    if (domain === "") problems.push(required(path, "the domain must not be empty"));
    else check(dnsSubdomain, domain, path, problems);
    if (id === "") problems.push(required(path, "the name must not be empty"));
  }
}

function checkRequest(request: DeviceRequest, path: string, problems: Problem[]): void {
  checkName(request.name, `${path}.name`, problems);
  const { exactly, firstAvailable = [] } = request;
  const one = "exactly one of `exactly` or `firstAvailable` is required";
  if (!exactly && firstAvailable.length === 0) problems.push(required(path, one));
  else if (exactly && firstAvailable.length > 0)
    problems.push(wrong(path, null, `${one}, but multiple fields are set`));
  else if (exactly) checkExact(exactly, `${path}.exactly`, problems);
  else {
    tooMany(firstAvailable.length, mostSubrequests, `${path}.firstAvailable`, problems);
    for (const [index, sub] of firstAvailable.entries()) {
      const at = `${path}.firstAvailable[${index}]`;
      checkName(sub.name, `${at}.name`, problems);
      checkExact(sub, at, problems);
      if (firstAvailable.findIndex(({ name }) => name === sub.name) < index) problems.push(duplicate(at, sub.name));
    }
  }
}

function checkExact(request: ExactRequest, path: string, problems: Problem[]): void {
  const { deviceClassName, allocationMode = "", count = 0, tolerations = [] } = request;
  checkSubdomain(deviceClassName, `${path}.deviceClassName`, problems);
  checkDeviceSelectors(request.selectors, `${path}.selectors`, problems);
  const at = `${path}.count`;
  if (allocationMode === "All") {
    if (count !== 0) problems.push(wrong(at, count, "must not be specified when allocationMode is 'All'"));
  } else if (allocationMode === "ExactCount") {
    if (count <= 0) problems.push(wrong(at, count, "must be greater than zero"));
  } else problems.push(unsupported(`${path}.allocationMode`, allocationMode, ["All", "ExactCount"]));
  for (const [index, toleration] of tolerations.entries())
    checkToleration(toleration, `${path}.tolerations[${index}]`, problems);
}

function checkToleration(toleration: DeviceToleration, path: string, problems: Problem[]): void {
  const { key = "", operator = "", value = "", effect = "" } = toleration;
  if (key !== "") check(labelKey, key, `${path}.key`, problems);
  if (operator === "Exists") {
    if (value !== "") problems.push(wrong(`${path}.value`, value, "must be empty for operator `Exists`"));
  } else if (operator === "Equal") check(labelValue, value, `${path}.value`, problems);
  else if (operator === "") problems.push(required(`${path}.operator`));
  else problems.push(unsupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  if (effect !== "" && effect !== "NoExecute" && effect !== "NoSchedule")
    problems.push(unsupported(`${path}.effect`, effect, ["NoExecute", "NoSchedule"]));
}

/** What a claim's requests leave out (resource/v1 SetDefaults_ExactDeviceRequest, 1.35). */
export function deviceClaimDefaults(claim: DeviceClaim | undefined): void {
  for (const { exactly, firstAvailable = [] } of claim?.requests ?? [])
    for (const request of exactly ? [exactly, ...firstAvailable] : firstAvailable) {
      request.allocationMode ||= "ExactCount";
      if (request.allocationMode === "ExactCount") request.count ||= 1;
      for (const toleration of request.tolerations ?? []) toleration.operator ||= "Equal";
    }
}
