import type { Problem } from "../define.ts";
import { forbidden, required, unsupported, wrong } from "../problem.ts";
import type { IntOrString } from "../types/meta.ts";
import type { Container, Handler, Probe } from "../types/pod.ts";
import { headerName, isPortNumber, notNegative, portName, portRange } from "./words.ts";

// kubernetes pkg/apis/core/validation validateProbe, validateHandler, validateLifecycle, 1.35.

/** A port that is a number or the name of one. */
export function checkPort(port: IntOrString | undefined, path: string, problems: Problem[]): void {
  if (typeof port === "string") for (const detail of portName(port)) problems.push(wrong(path, port, detail));
  else if (!isPortNumber(port ?? 0)) problems.push(wrong(path, port ?? 0, portRange));
}

/** The probes and hooks of a container that runs all along. */
export function checkProbes(container: Container, grace: number | undefined, path: string, problems: Problem[]): void {
  if (container.lifecycle) checkLifecycle(container, grace, path, problems);
  const { livenessProbe, readinessProbe, startupProbe } = container;
  if (livenessProbe) {
    checkProbe(livenessProbe, `${path}.livenessProbe`, problems);
    checkOnce(livenessProbe, `${path}.livenessProbe`, problems);
  }
  if (readinessProbe) {
    checkProbe(readinessProbe, `${path}.readinessProbe`, problems);
    const seconds = readinessProbe.terminationGracePeriodSeconds;
    if (seconds !== undefined) {
      const at = `${path}.readinessProbe.terminationGracePeriodSeconds`;
      problems.push(wrong(at, seconds, "must not be set for readinessProbes"));
    }
  }
  if (startupProbe) {
    checkProbe(startupProbe, `${path}.startupProbe`, problems);
    checkOnce(startupProbe, `${path}.startupProbe`, problems);
  }
}

function checkOnce(probe: Probe, path: string, problems: Problem[]): void {
  if (probe.successThreshold !== 1)
    problems.push(wrong(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
}

const countsOfProbe = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

function checkProbe(probe: Probe, path: string, problems: Problem[]): void {
  checkHandler(probe, ["exec", "httpGet", "tcpSocket", "grpc"], undefined, path, problems);
  for (const field of countsOfProbe) {
    const value = probe[field] ?? 0;
    if (value < 0) problems.push(wrong(`${path}.${field}`, value, notNegative));
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    problems.push(wrong(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
}

function checkLifecycle(container: Container, grace: number | undefined, path: string, problems: Problem[]): void {
  for (const hook of ["postStart", "preStop"] as const) {
    const handler = container.lifecycle?.[hook];
    const allowed = ["exec", "httpGet", "tcpSocket", "sleep"] as const;
    if (handler) checkHandler(handler, allowed, grace, `${path}.lifecycle.${hook}`, problems);
  }
}

function checkHandler(
  handler: Handler,
  allowed: readonly (keyof Handler)[],
  grace: number | undefined,
  path: string,
  problems: Problem[],
): void {
  let handlers = 0;
  for (const type of allowed) {
    if (!handler[type]) continue;
    if (handlers++ > 0) problems.push(forbidden(`${path}.${type}`, "may not specify more than 1 handler type"));
    else checkAction(handler, type, grace, `${path}.${type}`, problems);
  }
  if (handlers === 0) problems.push(required(path, "must specify a handler type"));
}

function checkAction(
  handler: Handler,
  type: keyof Handler,
  grace: number | undefined,
  path: string,
  problems: Problem[],
): void {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (type === "exec" && !exec?.command?.length) problems.push(required(`${path}.command`));
  if (type === "httpGet" && httpGet) checkHttpGet(httpGet, path, problems);
  if (type === "tcpSocket") checkPort(tcpSocket?.port, `${path}.port`, problems);
  if (type === "grpc") checkPort(grpc?.port, `${path}.port`, problems);
  if (type === "sleep" && sleep && grace !== undefined && (sleep.seconds < 0 || sleep.seconds > grace)) {
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
    problems.push(wrong(path, sleep.seconds, detail));
  }
}

function checkHttpGet(action: NonNullable<Handler["httpGet"]>, path: string, problems: Problem[]): void {
  if (!action.path) problems.push(required(`${path}.path`));
  checkPort(action.port, `${path}.port`, problems);
  if (action.scheme !== "HTTP" && action.scheme !== "HTTPS")
    problems.push(unsupported(`${path}.scheme`, action.scheme ?? "", ["HTTP", "HTTPS"]));
  for (const { name } of action.httpHeaders ?? [])
    for (const detail of headerName(name)) problems.push(wrong(`${path}.httpHeaders`, name, detail));
}
