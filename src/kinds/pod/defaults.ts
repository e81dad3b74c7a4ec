import { podSpecDefaults } from "../defaults/pod-spec.ts";
import { containerQuantities } from "../describe/pod-quantities.ts";
import { isPodLevelResource } from "../pod-resources.ts";
import type { Container, Pod } from "../types/pod.ts";

/** Fills in what a pod left out: what templates get as well, and what pods alone get (core/v1 SetDefaults_Pod, 1.35). */
export function podDefaults(pod: Pod): void {
  pod.spec ??= { containers: [] };
  const { spec } = pod;
  podSpecDefaults(spec);
  for (const container of spec.containers ?? []) requestsFromLimits(container);
  for (const container of spec.initContainers ?? []) requestsFromLimits(container);
  podRequestsFromLimits(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) {
    for (const container of spec.containers ?? []) hostPorts(container);
    for (const container of spec.initContainers ?? []) hostPorts(container);
  }
}

function requestsFromLimits({ resources }: Container): void {
  if (!resources?.limits) return;
  resources.requests ??= {};
  for (const name in resources.limits) resources.requests[name] ??= resources.limits[name] ?? "0";
}

/** Where a pod as a whole is limited it asks for what its containers ask for together, or else for the limit (1.35). */
function podRequestsFromLimits(spec: Pod["spec"]): void {
  const { resources } = spec;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  resources.requests ??= {};
  for (const [name, { text }] of containerQuantities({ spec }, "requests"))
    if (name === "cpu" || name === "memory") resources.requests[name] ??= text;
  for (const name in resources.limits)
    if (isPodLevelResource(name)) resources.requests[name] ??= resources.limits[name] ?? "0";
}

/** On the node's network a container's port is the node's. */
function hostPorts(container: Container): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
}
