import { type Cidr, cidrContains, cidrSize, ipText, nthAddress, parseCidr } from "../../base/cidr.ts";
import type { AdmitTools } from "../define.ts";
import { conditionOf } from "../labels.ts";
import { invalid, wrong } from "../problem.ts";
import { Status } from "../status.ts";
import type { Service, ServicePort } from "../types/core.ts";
import type { KubeObject } from "../types/meta.ts";
import type { ServiceCidr } from "../types/service-cidr.ts";
import { sloppyIp } from "../validation/addresses.ts";
import { familyOf, isHeadless, serviceNetworks, settleFamilies } from "./families.ts";

const kind = { kind: "Service", group: "" };

/** Gives a service its addresses and node ports, and refuses those that are taken or out of range. */
export function allocateService(object: Service, old: Service | undefined, tools: AdmitTools): void {
  const { spec } = object;
  if (spec.type === "ExternalName") return;
  const problems = settleFamilies(spec, old?.spec, serviceNetworks(tools.flags));
  if (problems.length > 0) throw invalid(kind, object.metadata.name, problems);
  if (!isHeadless(spec)) allocateAddresses(object, old, tools);
  if (needsNodePorts(spec)) allocateNodePorts(object, old, tools);
}

/** Whether a service listens on the nodes. */
export function needsNodePorts(spec: Service["spec"]): boolean {
  return spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
}

function allocateAddresses(object: Service, old: Service | undefined, tools: AdmitTools): void {
  const { spec } = object;
  const addresses = [...(spec.clusterIPs ?? [])];
  let networks: readonly Cidr[] | undefined;
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    const asked = addresses[index];
    if (asked && old?.spec.clusterIPs?.includes(asked)) continue;
    networks ??= readyNetworks(tools);
    const fitting = networks.filter(({ first }) => `IPv${first.version}` === family);
    if (asked) {
      const refusal = refusalOf(asked, fitting, tools);
      if (refusal) {
        const detail = `failed to allocate IP ${asked}: ${refusal}`;
        throw invalid(kind, object.metadata.name, [wrong("spec.clusterIPs", addresses, detail)]);
      }
    } else addresses[index] = freeAddressOf(fitting, tools);
  }
  spec.clusterIPs = addresses;
  if (addresses[0]) spec.clusterIP = addresses[0];
}

/** The ranges of the ServiceCIDRs that are ready; until the first is written, the flag's. */
function readyNetworks(tools: AdmitTools): readonly Cidr[] {
  const ranges = tools.list("networking.k8s.io/v1", "servicecidrs") as readonly ServiceCidr[];
  if (ranges.length === 0) return serviceNetworks(tools.flags).map(parseCidr);
  const ready = ranges.filter(
    (range) => !range.metadata.deletionTimestamp && conditionOf(range, "Ready")?.status !== "False",
  );
  return ready.flatMap(({ spec }) => spec.cidrs ?? []).map(parseCidr);
}

function isTaken(address: string, tools: AdmitTools): boolean {
  return tools.get("networking.k8s.io/v1", "ipaddresses", undefined, address) !== undefined;
}

/** The addresses of a service, as the objects that keep others from them (ipallocator createIPAddress, 1.35). */
export function addressesHeld({ metadata, spec }: Service): readonly KubeObject[] {
  if (spec.type === "ExternalName" || isHeadless(spec)) return [];
  const { name, namespace } = metadata;
  return (spec.clusterIPs ?? []).map((address) => {
    const labels = {
      "ipaddress.kubernetes.io/ip-family": familyOf(address),
      "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
    };
    return {
      apiVersion: "networking.k8s.io/v1",
      kind: "IPAddress",
      metadata: { name: address, labels },
      spec: { parentRef: { name, namespace, resource: "services" } },
    };
  });
}

/** Why an address cannot be had (kubernetes pkg/registry/core/service/ipallocator, 1.35). */
function refusalOf(address: string, networks: readonly Cidr[], tools: AdmitTools): string | undefined {
  const ip = sloppyIp(address);
  const network = ip && networks.find((one) => cidrContains(one, ip));
  if (!ip || !network) return "the provided network does not match the current range";
  const place = BigInt(ip.bits) - BigInt(network.first.bits);
  const last = cidrSize(network) - (network.first.version === 4 ? 2n : 1n);
  if (place < 1n || place > last) {
    const range = `${ipText(network.first)}/${network.prefix}`;
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`;
  }
  return isTaken(ipText(ip), tools) ? "provided IP is already allocated" : undefined;
}

/**
 * A free address: from the upper part of the network first, because people choose from the lower one; in either part
 * from a random place on (KEP-3070).
 */
function freeAddress(network: Cidr, tools: AdmitTools): string | undefined {
  const size = cidrSize(network);
  const last = Number((size > 1n << 31n ? 1n << 31n : size) - (network.first.version === 4 ? 2n : 1n));
  const lower = bandOf(Number(size > 1n << 31n ? 1n << 31n : size), 16, 256);
  const isFree = (n: number): boolean => {
    const ip = nthAddress(network, n);
    return ip !== undefined && !isTaken(ipText(ip), tools);
  };
  const found = search(1 + lower, last, isFree, tools) ?? search(1, lower, isFree, tools);
  const ip = found === undefined ? undefined : nthAddress(network, found);
  return ip && ipText(ip);
}

function freeAddressOf(networks: readonly Cidr[], tools: AdmitTools): string {
  for (const network of networks) {
    const address = freeAddress(network, tools);
    if (address !== undefined) return address;
  }
  throw internalError("failed to allocate a serviceIP: range is full");
}

/** How much of a range is left for people to choose from: a share of it, from 16 to a limit; none of small ranges. */
function bandOf(size: number, share: number, limit: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / share)), limit);
}

function search(from: number, to: number, isFree: (n: number) => boolean, tools: AdmitTools): number | undefined {
  const length = to - from + 1;
  if (length <= 0) return undefined;
  const start = tools.random.below(length);
  for (let i = 0; i < length; i++) {
    const n = from + ((start + i) % length);
    if (isFree(n)) return n;
  }
  return undefined;
}

function internalError(message: string): Status {
  return new Status("InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** Node ports: --service-node-port-range; the lower 86 of the usual range are given last. */
function allocateNodePorts(object: Service, old: Service | undefined, tools: AdmitTools): void {
  const others = (tools.list("v1", "services") as readonly Service[]).filter(
    ({ metadata }) => metadata.name !== object.metadata.name || metadata.namespace !== object.metadata.namespace,
  );
  const [low = 30000, high = 32767] = (tools.flags["service-node-port-range"] ?? "30000-32767").split("-").map(Number);
  const taken = new Set<number>();
  for (const { spec } of others) for (const port of nodePortsOf(spec)) taken.add(port);
  const mine = new Set(old ? nodePortsOf(old.spec) : []);
  const ports = object.spec.ports ?? [];
  for (const [index, { nodePort }] of ports.entries()) {
    if (!nodePort || mine.has(nodePort)) continue;
    const path = `spec.ports[${index}].nodePort`;
    const range = `The range of valid ports is ${low}-${high}`;
    if (nodePort < low || nodePort > high)
      throw invalid(kind, object.metadata.name, [
        wrong(path, nodePort, `provided port is not in the valid range. ${range}`),
      ]);
    if (taken.has(nodePort))
      throw invalid(kind, object.metadata.name, [wrong(path, nodePort, "provided port is already allocated")]);
  }
  for (const { nodePort } of ports) if (nodePort) taken.add(nodePort);
  const lower = bandOf(high - low + 1, 32, 128);
  const next = (): number => {
    const isFree = (n: number): boolean => !taken.has(n);
    const port = search(low + lower, high, isFree, tools) ?? search(low, low + lower - 1, isFree, tools);
    if (port === undefined) throw internalError("failed to allocate a nodePort: range is full");
    taken.add(port);
    return port;
  };
  for (const port of ports) port.nodePort ||= sharedNodePort(port, ports) ?? next();
  const { spec } = object;
  if (spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local") spec.healthCheckNodePort ||= next();
}

/** One port of two protocols has one node port. */
function sharedNodePort({ port, protocol }: ServicePort, ports: readonly ServicePort[]): number | undefined {
  const twin = ports.find((other) => other.port === port && other.protocol !== protocol && other.nodePort);
  return twin?.nodePort;
}

function nodePortsOf(spec: Service["spec"]): number[] {
  const ports = (spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0);
  return [...ports, (spec.healthCheckNodePort as number | undefined) ?? 0].filter((port) => port !== 0);
}
