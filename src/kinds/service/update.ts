import type { Service } from "../types/core.ts";
import { needsNodePorts } from "./allocate.ts";
import { isExternal } from "./defaults.ts";

/** Keeps the two spellings of a new service's address alike (kubernetes pkg/registry/core/service strategy.go, 1.35). */
export function prepareNewService(object: Service): void {
  const { spec } = object;
  object.status = { loadBalancer: {} };
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
}

/** What a changed service takes over from before, and what it loses with its type. */
export function prepareService(object: Service, old: Service): void {
  takeOver(object, old);
  sameAddresses(object.spec, old.spec);
  dropWithType(object, old);
}

/** A change that leaves out allocated values does not mean to lose them. */
function takeOver({ spec }: Service, { spec: before }: Service): void {
  if (spec.type !== "ExternalName" && before.type !== "ExternalName") {
    if (!spec.clusterIP && !spec.clusterIPs?.length && before.clusterIP) {
      spec.clusterIP = before.clusterIP;
      if (before.clusterIPs) spec.clusterIPs = [...before.clusterIPs];
    } else if (!spec.clusterIPs?.length && spec.clusterIP === before.clusterIP && before.clusterIPs)
      spec.clusterIPs = [...before.clusterIPs];
  }
  if (!needsNodePorts(spec) || !needsNodePorts(before)) return;
  const used = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
  for (const port of spec.ports ?? []) {
    if (port.nodePort) continue;
    const twin = before.ports?.find((other) => other.port === port.port && other.protocol === port.protocol);
    if (!twin?.nodePort || used.has(twin.nodePort)) continue;
    port.nodePort = twin.nodePort;
    used.add(twin.nodePort);
  }
  if (before.healthCheckNodePort && spec.externalTrafficPolicy === "Local")
    spec.healthCheckNodePort ||= before.healthCheckNodePort;
}

/** Whoever changes one spelling of the address means the other too. */
function sameAddresses(spec: Service["spec"], before: Service["spec"]): void {
  if (spec.clusterIP === before.clusterIP) return;
  const isSame =
    spec.clusterIPs?.length === before.clusterIPs?.length && spec.clusterIPs?.[0] === before.clusterIPs?.[0];
  if (!isSame && spec.clusterIPs?.length) return;
  if (!spec.clusterIP) delete spec.clusterIPs;
  else spec.clusterIPs = spec.clusterIP === "None" ? ["None"] : [spec.clusterIP, ...(spec.clusterIPs ?? []).slice(1)];
}

/** Values that a type needs go with it, unless they were changed on purpose. */
function dropWithType(object: Service, old: Service): void {
  const { spec } = object;
  const before = old.spec;
  if (needsNodePorts(before) && !needsNodePorts(spec)) {
    const known = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
    for (const port of spec.ports ?? []) if (port.nodePort && known.has(port.nodePort)) delete port.nodePort;
  }
  if (before.type !== "ExternalName" && spec.type === "ExternalName") {
    if (spec.clusterIP === before.clusterIP) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    delete spec.ipFamilies;
    delete spec.ipFamilyPolicy;
  }
  if (isExternal(old) && !isExternal(object) && spec.externalTrafficPolicy === before.externalTrafficPolicy)
    delete spec.externalTrafficPolicy;
  if (
    needsHealthCheckPort(before) &&
    !needsHealthCheckPort(spec) &&
    spec.healthCheckNodePort === before.healthCheckNodePort
  )
    delete spec.healthCheckNodePort;
  if (before.type !== "LoadBalancer" || spec.type === "LoadBalancer") return;
  for (const field of ["allocateLoadBalancerNodePorts", "loadBalancerClass"] as const)
    if (spec[field] === before[field]) delete spec[field];
}

function needsHealthCheckPort({ type, externalTrafficPolicy }: Service["spec"]): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}
