import { ipVersion } from "../../../base/cidr.ts";
import type { NodeServices } from "../../../cluster/network/services/node-services.ts";
import { type Endpoint, isExternal, type ServedPort, socket } from "../../../cluster/network/services/served-port.ts";
import { endpointChain, servicePortChain } from "./chain-names.ts";
import {
  addressType,
  anyPort,
  append,
  type Clause,
  comment,
  oneOf,
  type Rule,
  rejectWith,
  seenNow,
  seenWithin,
  type Table,
  toDestination,
  toPort,
} from "./rules.ts";

const EXTERNAL = "KUBE-EXTERNAL-SERVICES";
const MARK = "KUBE-MARK-MASQ";
const SERVICES = "KUBE-SERVICES";

/** Everything that the rules of one port are made from. */
interface Port {
  readonly served: ServedPort;
  readonly protocol: string;
  readonly cluster: readonly Endpoint[];
  readonly local: readonly Endpoint[];
  readonly any: boolean;
  readonly internal: readonly Endpoint[];
  readonly external: readonly Endpoint[];
  readonly rules: NodeServices;
}

const single = (address: string): string => `${address}/${address.includes(":") ? 128 : 32}`;

/** The rules of mode iptables for all ports of one family, in the order in which kube-proxy writes them (pkg/proxy/iptables/proxier.go, 1.35). */
export function proxyRules(nat: Table, filter: Table, rules: NodeServices, version: 4 | 6): void {
  for (const served of rules.table.ports) {
    if (served.version !== version) continue;
    const { cluster, local, any } = rules.table.choice(served);
    const port: Port = {
      served,
      protocol: served.protocol.toLowerCase(),
      cluster,
      local,
      any,
      internal: served.internalLocal ? local : cluster,
      external: served.externalLocal ? local : cluster,
      rules,
    };
    capture(nat, filter, port);
    serviceChains(nat, port);
    for (const endpoint of reachable(cluster, local)) endpointRules(nat, port, endpoint);
  }
  nodePortJumps(nat, rules, version);
}

function reachable(cluster: readonly Endpoint[], local: readonly Endpoint[]): readonly Endpoint[] {
  return [...cluster, ...local.filter((one) => !cluster.includes(one))];
}

/** A rule about packets to an address and port of a Service. */
function about({ protocol }: Port, text: string, destination: string, port: number, target: string): Rule {
  return { destination: single(destination), protocol, matches: [comment(text), toPort(protocol, port)], target };
}

const hasChainForRanges = ({ any, served }: Port): boolean =>
  any && served.balancerIPs.length > 0 && served.sourceRanges.length > 0;

/** The chains that all packets pass: KUBE-SERVICES, KUBE-NODEPORTS, and those that reject or drop. */
function capture(nat: Table, filter: Table, port: Port): void {
  const { served, protocol, any, internal, external } = port;
  const { label, port: number, nodePort, version } = served;
  const refuse = (text: string, rule: Partial<Rule>, lost: boolean): Rule => ({
    protocol,
    ...rule,
    matches: [comment(text), ...(rule.matches ?? []), toPort(protocol, nodePortOf(rule) ?? number)],
    ...(lost ? { target: "DROP" } : { target: "REJECT", options: rejectWith(version) }),
  });
  const nodePortOf = (rule: Partial<Rule>): number | undefined =>
    rule.destination === undefined ? nodePort : undefined;
  const why = any ? `${label} has no local endpoints` : `${label} has no endpoints`;
  if (any && internal.length > 0)
    append(nat, SERVICES, about(port, `${label} cluster IP`, served.clusterIP, number, innerChain(port)));
  else append(filter, SERVICES, refuse(why, { destination: single(served.clusterIP) }, any));
  for (const [addresses, kind] of [
    [served.externalIPs, "external IP"],
    [served.balancerIPs, "loadbalancer IP"],
  ] as const)
    for (const address of addresses) {
      const chain = kind === "loadbalancer IP" && hasChainForRanges(port) ? "FW" : "EXT";
      if (any) append(nat, SERVICES, about(port, `${label} ${kind}`, address, number, servicePortChain(chain, served)));
      if (chain === "FW") {
        const text = `${label} traffic not accepted by ${servicePortChain("FW", served)}`;
        append(filter, "KUBE-PROXY-FIREWALL", about(port, text, address, number, "DROP"));
      }
      if (!any || external.length === 0) append(filter, EXTERNAL, refuse(why, { destination: single(address) }, any));
    }
  if (nodePort !== 0) {
    if (any)
      append(nat, "KUBE-NODEPORTS", {
        protocol,
        matches: [comment(label), toPort(protocol, nodePort)],
        target: servicePortChain("EXT", served),
      });
    if (!any || external.length === 0) append(filter, EXTERNAL, refuse(why, { matches: [addressType("dst")] }, any));
  }
  if (served.healthCheckNodePort !== 0)
    append(filter, "KUBE-NODEPORTS", {
      protocol: "tcp",
      matches: [comment(`${label} health check node port`), toPort("tcp", served.healthCheckNodePort)],
      target: "ACCEPT",
    });
}

function innerChain({ served }: Port): string {
  return servicePortChain(served.internalLocal ? "SVL" : "SVC", served);
}

/** The chains of one port: EXT, FW, SVC and SVL. */
function serviceChains(nat: Table, port: Port): void {
  const { served, any, internal, cluster, local } = port;
  if (any && internal.length > 0) masqueradeInner(nat, port);
  if (any && isExternal(served)) externalChain(nat, port);
  if (hasChainForRanges(port)) rangesChain(nat, port);
  if (cluster.length > 0) balance(nat, port, servicePortChain("SVC", served), cluster);
  if (local.length > 0) balance(nat, port, servicePortChain("SVL", served), local);
}

function ownRange({ rules, served }: Port): string | undefined {
  return rules.settings.clusterCIDRs.find((range) => ipVersion(range) === served.version);
}

function masqueradeInner(nat: Table, port: Port): void {
  const { served, rules } = port;
  const rule = about(port, `${served.label} cluster IP`, served.clusterIP, served.port, MARK);
  const range = ownRange(port);
  if (rules.settings.masqueradeAll) append(nat, innerChain(port), rule);
  else if (range !== undefined) append(nat, innerChain(port), { ...rule, source: range, notSource: true });
}

function externalChain(nat: Table, port: Port): void {
  const { served, external } = port;
  const chain = servicePortChain("EXT", served);
  const all = servicePortChain("SVC", served);
  const say = (what: string): Clause => comment(`${what} for ${served.label} external destinations`);
  if (!served.externalLocal) append(nat, chain, { matches: [say("masquerade traffic")], target: MARK });
  else {
    const range = ownRange(port);
    if (range !== undefined) append(nat, chain, { source: range, matches: [say("pod traffic")], target: all });
    const own = addressType("src");
    append(nat, chain, { matches: [say("masquerade LOCAL traffic"), own], target: MARK });
    append(nat, chain, { matches: [say("route LOCAL traffic"), own], target: all });
  }
  if (external.length > 0)
    append(nat, chain, { target: servicePortChain(served.externalLocal ? "SVL" : "SVC", served) });
}

function rangesChain(nat: Table, { served, rules }: Port): void {
  const chain = servicePortChain("FW", served);
  const target = servicePortChain("EXT", served);
  const matches = [comment(`${served.label} loadbalancer IP`)];
  for (const range of served.sourceRanges) append(nat, chain, { source: range, matches, target });
  if (rules.allowsNode(served))
    for (const address of served.balancerIPs) append(nat, chain, { source: single(address), matches, target });
  append(nat, chain, {
    matches: [comment(`other traffic to ${served.label} will be dropped by KUBE-PROXY-FIREWALL`)],
  });
}

/** Shares out what comes to a chain among endpoints. */
function balance(nat: Table, { served }: Port, chain: string, endpoints: readonly Endpoint[]): void {
  const way = ({ address, port }: Endpoint): Clause => comment(`${served.label} -> ${socket(address, port)}`);
  const to = ({ address, port }: Endpoint): string => endpointChain(served, address, port);
  append(nat, chain);
  if (served.affinity !== undefined)
    for (const one of endpoints)
      append(nat, chain, { matches: [way(one), seenWithin(served.affinity, to(one))], target: to(one) });
  for (const [at, one] of endpoints.entries()) {
    const left = endpoints.length - at;
    append(nat, chain, { matches: left > 1 ? [way(one), oneOf(left)] : [way(one)], target: to(one) });
  }
}

function endpointRules(nat: Table, { served, protocol }: Port, { address, port }: Endpoint): void {
  const chain = endpointChain(served, address, port);
  const label = comment(served.label);
  append(nat, chain, { source: single(address), matches: [label], target: MARK });
  const seen = served.affinity === undefined ? [] : [seenNow(chain)];
  append(nat, chain, {
    protocol,
    matches: [label, ...seen, anyPort(protocol)],
    target: "DNAT",
    options: toDestination(socket(address, port)),
  });
}

const LAST = "kubernetes service nodeports; NOTE: this must be the last rule in this chain";

/** The last rules of KUBE-SERVICES: packets to the node's own addresses. */
function nodePortJumps(nat: Table, { settings, node }: NodeServices, version: 4 | 6): void {
  const matches = [comment(LAST), addressType("dst")];
  const target = "KUBE-NODEPORTS";
  const { nodePortAddresses } = settings;
  const isOwn = (address: string): boolean => ipVersion(address) === version;
  if (nodePortAddresses === undefined) {
    const noLoopback = version === 6 ? "::1/128" : settings.localhostNodePorts ? undefined : "127.0.0.0/8";
    const not = noLoopback === undefined ? {} : { destination: noLoopback, notDestination: true };
    append(nat, SERVICES, { ...not, matches, target });
    return;
  }
  const first = node.addresses.find(isOwn);
  const addresses = nodePortAddresses === "primary" ? (first ? [first] : []) : node.addresses.filter(isOwn);
  for (const address of addresses)
    append(nat, SERVICES, { destination: single(address), matches: [comment(LAST)], target });
}
