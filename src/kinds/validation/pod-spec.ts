import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, unsupported, wrong } from "../problem.ts";
import type { PodSpec, PodTemplateSpec } from "../types/pod.ts";
import { checkAddress } from "./addresses.ts";
import { checkAffinity, checkSpread } from "./affinity.ts";
import { checkContainers } from "./containers.ts";
import { check, checkAnnotations, checkLabels } from "./labels.ts";
import { checkPodClaims } from "./pod-claims.ts";
import { checkPodResources } from "./pod-resources.ts";
import { checkResources } from "./resources.ts";
import { checkPodSecurityContext } from "./security-context.ts";
import { checkTolerations } from "./tolerations.ts";
import { checkVolumes } from "./volumes.ts";
import { dnsLabel, dnsSubdomain, dnsSubdomainWithUnderscore, labelKey } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidatePodSpec, ValidatePodTemplateSpec, 1.35.

const restarts = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const preemptions = ["PreemptLowerPriority", "Never"];

/** A pod's spec, its own (`isPod`) or a template's. */
export function checkPodSpec(spec: PodSpec, isPod: boolean, path: string, problems: Problem[]): void {
  const volumes = checkVolumes(spec.volumes, `${path}.volumes`, problems);
  checkPodClaims(spec, path, problems);
  checkContainers(spec, volumes, path, problems);
  checkPodResources(spec, `${path}.resources`, problems);
  if (spec.hostNetwork) checkHostNetwork(spec, isPod, path, problems);
  checkChoice(spec.restartPolicy, restarts, `${path}.restartPolicy`, problems);
  checkChoice(spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`, problems);
  checkLabels(spec.nodeSelector, `${path}.nodeSelector`, problems);
  const { os, shareProcessNamespace } = spec as { os?: { name?: string }; shareProcessNamespace?: boolean };
  if (spec.hostPID && shareProcessNamespace) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    problems.push(wrong(`${path}.securityContext.shareProcessNamespace`, true, detail));
  }
  if (os && !os.name) problems.push(required(`${path}.os.name`, "cannot be empty"));
  else if (os?.name && os.name !== "linux" && os.name !== "windows")
    problems.push(unsupported(`${path}.os`, os.name, ["linux", "windows"]));
  checkPodSecurityContext(spec.securityContext, `${path}.securityContext`, problems);
  checkAffinity(spec.affinity, `${path}.affinity`, problems);
  checkDns(spec, `${path}.dnsConfig`, problems);
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries())
    check(labelKey, conditionType, `${path}.readinessGates[${index}].conditionType`, problems);
  checkGates(spec, `${path}.schedulingGates`, problems);
  checkSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, problems);
  checkNames(spec, path, problems);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647))
    problems.push(wrong(`${path}.activeDeadlineSeconds`, deadline, "must be between 1 and 2147483647, inclusive"));
  if (spec.tolerations) checkTolerations(spec.tolerations, `${path}.tolerations`, problems);
  for (const [index, alias] of (spec.hostAliases ?? []).entries()) {
    checkAddress(alias.ip, `${path}.hostAliases[${index}].ip`, problems);
    for (const [place, name] of (alias.hostnames ?? []).entries())
      check(dnsSubdomain, name, `${path}.hostAliases[${index}].hostnames[${place}]`, problems);
  }
  if (spec.preemptionPolicy !== undefined)
    checkChoice(spec.preemptionPolicy, preemptions, `${path}.preemptionPolicy`, problems);
  if (spec.overhead) checkResources({ limits: spec.overhead }, `${path}.overhead`, problems);
}

function checkChoice(value: string | undefined, choices: readonly string[], path: string, problems: Problem[]): void {
  if (!value) problems.push(required(path));
  else if (!choices.includes(value)) problems.push(unsupported(path, value, choices));
}

function checkNames(spec: PodSpec, path: string, problems: Problem[]): void {
  if (spec.serviceAccountName) check(dnsSubdomain, spec.serviceAccountName, `${path}.serviceAccountName`, problems);
  if (spec.nodeName) check(dnsSubdomain, spec.nodeName, `${path}.nodeName`, problems);
  if (spec.hostname) check(dnsLabel, spec.hostname, `${path}.hostname`, problems);
  if (spec.subdomain) check(dnsLabel, spec.subdomain, `${path}.subdomain`, problems);
  if (spec.priorityClassName) check(dnsSubdomain, spec.priorityClassName, `${path}.priorityClassName`, problems);
  if (spec.runtimeClassName !== undefined)
    check(dnsSubdomain, spec.runtimeClassName, `${path}.runtimeClassName`, problems);
}

function checkHostNetwork(spec: PodSpec, isPod: boolean, path: string, problems: Problem[]): void {
  for (const [index, { ports = [] }] of (spec.containers ?? []).entries())
    for (const [place, { hostPort = 0, containerPort }] of ports.entries())
      if ((isPod || hostPort !== 0) && hostPort !== containerPort) {
        const at = `${path}.containers[${index}].ports[${place}].hostPort`;
        problems.push(wrong(at, hostPort, "must match `containerPort` when `hostNetwork` is true"));
      }
}

function checkDns({ dnsPolicy, dnsConfig }: PodSpec, path: string, problems: Problem[]): void {
  if (dnsPolicy === "None" && !dnsConfig?.nameservers?.length) {
    if (dnsConfig) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      problems.push(required(`${path}.nameservers`, detail));
    } else problems.push(required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
    return;
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (nameservers.length > 3)
    problems.push(wrong(`${path}.nameservers`, nameservers, "must not have more than 3 nameservers"));
  for (const [index, server] of nameservers.entries()) checkAddress(server, `${path}.nameservers[${index}]`, problems);
  if (searches.length > 32)
    problems.push(wrong(`${path}.searches`, searches, "must not have more than 32 search paths"));
  if (searches.join(" ").length > 2048) {
    const detail = "must not have more than 2048 characters (including spaces) in the search list";
    problems.push(wrong(`${path}.searches`, searches, detail));
  }
  for (const [index, search] of searches.entries())
    if (search !== ".")
      check(dnsSubdomainWithUnderscore, search.replace(/\.$/, ""), `${path}.searches[${index}]`, problems);
  for (const [index, { name }] of options.entries())
    if (!name) problems.push(required(`${path}.options[${index}]`, "must not be empty"));
}

function checkGates({ schedulingGates = [] }: PodSpec, path: string, problems: Problem[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of schedulingGates.entries()) {
    check(labelKey, name, `${path}[${index}]`, problems);
    if (seen.has(name)) problems.push(duplicate(`${path}[${index}]`, name));
    seen.add(name);
  }
}

/** A template that pods are made of. */
export function checkPodTemplate(template: PodTemplateSpec, path: string, problems: Problem[]): void {
  checkLabels(template.metadata?.labels, `${path}.labels`, problems);
  checkAnnotations(template.metadata?.annotations, `${path}.annotations`, problems);
  checkPodSpec(template.spec, false, `${path}.spec`, problems);
  if (template.spec.ephemeralContainers?.length)
    problems.push(forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
}
