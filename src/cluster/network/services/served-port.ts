import { parseIp } from "../../../base/cidr.ts";
import type { EndpointSlice, Service, ServicePort } from "../../../kinds/types/core.ts";
import type { Protocol } from "../../../machine/define-network.ts";

/** Where a port of a Service ends, and when it may be used. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** A port of a Service in one family of addresses: what kube-proxy keeps rules for. */
export interface ServedPort {
  /** shop/web */
  readonly service: string;
  /** shop/web:http */
  readonly label: string;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly version: 4 | 6;
  readonly clusterIP: string;
  readonly externalIPs: readonly string[];
  /** Addresses of load balancers that hand packets on as they are (ipMode VIP). */
  readonly balancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly nodePort: number;
  readonly healthCheckNodePort: number;
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** For how long a client stays with its endpoint, in seconds (sessionAffinity ClientIP). */
  readonly affinity: number | undefined;
}

/** Whether anything but its cluster IP leads to it. */
export function isExternal({ nodePort, balancerIPs, externalIPs }: ServedPort): boolean {
  return nodePort !== 0 || balancerIPs.length > 0 || externalIPs.length > 0;
}

/** Not kube-proxy's: headless ones, other names, and what another proxy serves (pkg/proxy/util ShouldSkipService, 1.35). */
function isSkipped({ metadata, spec }: Service): boolean {
  const { clusterIP } = spec;
  return (
    !clusterIP ||
    clusterIP === "None" ||
    spec.type === "ExternalName" ||
    metadata.labels?.["service.kubernetes.io/service-proxy-name"] !== undefined
  );
}

const versionOf = (address: string): 4 | 6 => (address.includes(":") ? 6 : 4);

/** The ports of a Service, for each of its families (pkg/proxy/serviceport.go, 1.35). */
export function servedPorts(service: Service): readonly ServedPort[] {
  if (isSkipped(service)) return [];
  const { spec } = service;
  return (spec.clusterIPs ?? [spec.clusterIP ?? ""]).flatMap((clusterIP) =>
    (spec.ports ?? []).map((port) => servedPort(service, port, clusterIP)),
  );
}

function servedPort(service: Service, port: ServicePort, clusterIP: string): ServedPort {
  const { metadata, spec, status } = service;
  const version = versionOf(clusterIP);
  const same = (address: string): boolean => parseIp(address)?.version === version;
  const name = `${metadata.namespace}/${metadata.name}`;
  const ingress = (status?.loadBalancer?.ingress ?? []) as readonly { ip?: string; ipMode?: string }[];
  const vips = ingress.flatMap(({ ip, ipMode }) => (ip && (ipMode ?? "VIP") === "VIP" && same(ip) ? [ip] : []));
  const ranges = (spec.loadBalancerSourceRanges as readonly string[] | undefined) ?? [];
  const config = spec.sessionAffinityConfig as { clientIP?: { timeoutSeconds?: number } } | undefined;
  return {
    service: name,
    label: port.name ? `${name}:${port.name}` : name,
    portName: port.name ?? "",
    protocol: port.protocol ?? "TCP",
    port: port.port,
    version,
    clusterIP,
    externalIPs: (spec.externalIPs ?? []).filter(same),
    balancerIPs: spec.type === "LoadBalancer" ? vips : [],
    sourceRanges: ranges.map((range) => range.trim()).filter((range) => versionOf(range) === version),
    nodePort: port.nodePort ?? 0,
    healthCheckNodePort: (spec.healthCheckNodePort as number | undefined) ?? 0,
    internalLocal: spec.internalTrafficPolicy === "Local",
    externalLocal: spec.externalTrafficPolicy === "Local",
    affinity: spec.sessionAffinity === "ClientIP" ? (config?.clientIP?.timeoutSeconds ?? 10800) : undefined,
  };
}

/** The endpoints of a port in all slices of its Service, each once, by their addresses (pkg/proxy/endpointslicecache.go, 1.35). */
export function endpointsOf(
  { portName, protocol, version }: Pick<ServedPort, "portName" | "protocol" | "version">,
  slices: Iterable<EndpointSlice>,
): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const slice of slices) {
    if (slice.addressType !== `IPv${version}`) continue;
    for (const given of slice.ports ?? []) {
      if ((given.name ?? "") !== portName || (given.protocol ?? "TCP") !== protocol || given.port === undefined)
        continue;
      for (const endpoint of slice.endpoints ?? []) {
        const address = endpoint.addresses[0];
        if (address === undefined) continue;
        const key = socket(address, given.port);
        const ready = endpoint.conditions?.ready !== false;
        // An address in two slices: the one that is ready counts.
        if (found.get(key)?.ready || (found.has(key) && !ready)) continue;
        found.set(key, {
          address,
          port: given.port,
          node: endpoint.nodeName,
          ready,
          serving: endpoint.conditions?.serving ?? ready,
          terminating: endpoint.conditions?.terminating === true,
          zoneHints: endpoint.hints?.forZones?.map((zone) => zone.name) ?? [],
          nodeHints: endpoint.hints?.forNodes?.map((node) => node.name) ?? [],
        });
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

/** An address and a port as text: 10.0.0.1:80, [fd00::1]:80. */
export function socket(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
