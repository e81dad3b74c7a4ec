import type { Problem } from "../define.ts";
import { absent, duplicate, forbidden, required, unsupported, wrong } from "../problem.ts";
import type { Container, PodSpec, Volume } from "../types/pod.ts";
import { checkEnv, checkFileKeyVolumes } from "./env.ts";
import { check } from "./labels.ts";
import { checkMounts } from "./mounts.ts";
import { checkProbes } from "./probes.ts";
import { checkResources } from "./resources.ts";
import { checkSecurityContext } from "./security-context.ts";
import { dnsLabel, isPortNumber, portName, portRange } from "./words.ts";

// kubernetes pkg/apis/core/validation validateContainers, validateInitContainers, validateContainerCommon, 1.35.

type Volumes = ReadonlyMap<string, Volume>;

/** The containers of a pod, those that begin it, and those added to look into it. */
export function checkContainers(spec: PodSpec, volumes: Volumes, path: string, problems: Problem[]): void {
  const grace = spec.terminationGracePeriodSeconds;
  if (!spec.containers?.length) problems.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const [index, container] of (spec.containers ?? []).entries()) {
    const at = `${path}.containers[${index}]`;
    checkContainer(container, volumes, at, problems);
    if (names.has(container.name)) problems.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    checkProbes(container, grace, at, problems);
    if (container.restartPolicy !== undefined && !containerRestarts.includes(container.restartPolicy))
      problems.push(unsupported(`${at}.restartPolicy`, container.restartPolicy, containerRestarts));
  }
  checkHostPorts(spec.containers ?? [], `${path}.containers`, problems);
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const at = `${path}.initContainers[${index}]`;
    checkContainer(container, volumes, at, problems);
    if (names.has(container.name)) problems.push(duplicate(`${at}.name`, container.name));
    else if (container.name) names.add(container.name);
    checkHostPorts([container], `${path}.initContainers`, problems);
    checkInitContainer(container, grace, at, problems);
  }
  checkEphemeral(spec, names, volumes, path, problems);
  for (const list of ["containers", "initContainers", "ephemeralContainers"] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      if (container.env) checkFileKeyVolumes(container, volumes, `${path}.${list}[${index}]`, problems);
}

/** Since 1.35 (ContainerRestartRules) every container may have a policy of its own. */
const containerRestarts = ["Always", "OnFailure", "Never"];

function checkInitContainer(container: Container, grace: number | undefined, path: string, problems: Problem[]): void {
  const policy = container.restartPolicy;
  if (policy !== undefined && !containerRestarts.includes(policy))
    problems.push(unsupported(`${path}.restartPolicy`, policy, containerRestarts));
  if (policy === "Always") {
    checkProbes(container, grace, path, problems);
    return;
  }
  for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
    if (container[field])
      problems.push(forbidden(`${path}.${field}`, "may not be set for init containers without restartPolicy=Always"));
}

const notForEphemeral = ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const;

function checkEphemeral(
  spec: PodSpec,
  others: ReadonlySet<string>,
  volumes: Volumes,
  path: string,
  problems: Problem[],
): void {
  const names = new Set(others);
  for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
    const at = `${path}.ephemeralContainers[${index}]`;
    checkContainer(container, volumes, at, problems);
    if (names.has(container.name)) problems.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) problems.push(absent(`${at}.targetContainerName`, target));
    for (const field of notForEphemeral)
      if (container[field]) problems.push(forbidden(`${at}.${field}`, "cannot be set for an Ephemeral Container"));
    if (container.resources?.limits || container.resources?.requests)
      problems.push(forbidden(`${at}.resources`, "cannot be set for an Ephemeral Container"));
  }
}

const messagePolicies = ["File", "FallbackToLogsOnError"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];

function checkContainer(container: Container, volumes: Volumes, path: string, problems: Problem[]): void {
  if (!container.name) problems.push(required(`${path}.name`));
  else check(dnsLabel, container.name, `${path}.name`, problems);
  if (!container.image) problems.push(required(`${path}.image`));
  const policy = container.terminationMessagePolicy ?? "";
  if (!messagePolicies.includes(policy))
    problems.push(unsupported(`${path}.terminationMessagePolicy`, policy, messagePolicies));
  if (container.ports) checkPorts(container, path, problems);
  if (container.env || container.envFrom) checkEnv(container, path, problems);
  checkMounts(container, volumes, path, problems);
  const pull = container.imagePullPolicy ?? "";
  if (pull === "") problems.push(required(`${path}.imagePullPolicy`));
  else if (!pullPolicies.includes(pull)) problems.push(unsupported(`${path}.imagePullPolicy`, pull, pullPolicies));
  checkResources(container.resources, `${path}.resources`, problems);
  checkSecurityContext(container.securityContext, `${path}.securityContext`, problems);
}

/** Names of transport protocols, as messages list them. */
export const protocols = ["SCTP", "TCP", "UDP"];

function checkPorts(container: Container, path: string, problems: Problem[]): void {
  const names = new Set<string>();
  for (const [index, port] of (container.ports ?? []).entries()) {
    const at = `${path}.ports[${index}]`;
    if (port.name) {
      const details = portName(port.name);
      for (const detail of details) problems.push(wrong(`${at}.name`, port.name, detail));
      if (details.length === 0 && names.has(port.name)) problems.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) problems.push(required(`${at}.containerPort`));
    else if (!isPortNumber(port.containerPort))
      problems.push(wrong(`${at}.containerPort`, port.containerPort, portRange));
    if (port.hostPort && !isPortNumber(port.hostPort)) problems.push(wrong(`${at}.hostPort`, port.hostPort, portRange));
    if (!port.protocol) problems.push(required(`${at}.protocol`));
    else if (!protocols.includes(port.protocol)) problems.push(unsupported(`${at}.protocol`, port.protocol, protocols));
  }
}

function checkHostPorts(containers: readonly Container[], path: string, problems: Problem[]): void {
  const taken = new Set<string>();
  for (const [index, { ports = [] }] of containers.entries())
    for (const [place, { hostPort, hostIP = "", protocol = "" }] of ports.entries()) {
      if (!hostPort) continue;
      const socket = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(socket)) problems.push(duplicate(`${path}[${index}].ports[${place}].hostPort`, socket));
      taken.add(socket);
    }
}
