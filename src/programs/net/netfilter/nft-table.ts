import { ipVersion } from "../../../base/cidr.ts";
import type { NodeServices } from "../../../cluster/network/services/node-services.ts";
import type { Endpoint, ServedPort } from "../../../cluster/network/services/served-port.ts";
import { isExternal, socket } from "../../../cluster/network/services/served-port.ts";
import { endpointName, portName } from "./chain-names.ts";

/** A part of a table, as `nft list` shows it. */
export interface Block {
  readonly kind: "set" | "map" | "chain";
  readonly name: string;
  readonly lines: readonly string[];
}

/** What kube-proxy's table is made of. */
interface Elements {
  readonly cluster: string[];
  readonly services: string[];
  readonly nodePorts: string[];
  readonly noServices: string[];
  readonly noNodePorts: string[];
  readonly firewall: string[];
}

/** The table kube-proxy of mode nftables (pkg/proxy/nftables/proxier.go; the form is recorded from a node of 1.33). */
export function proxyTable(rules: NodeServices, version: 4 | 6): readonly Block[] {
  const ip = version === 6 ? "ip6" : "ip";
  const elements: Elements = {
    cluster: [],
    services: [],
    nodePorts: [],
    noServices: [],
    noNodePorts: [],
    firewall: [],
  };
  const chains: Block[] = [];
  for (const served of rules.table.ports.filter((port) => port.version === version))
    chains.push(...portBlocks(rules, served, elements, ip));
  const address = `ipv${version}_addr`;
  const verdict = `type ${address} . inet_proto . inet_service : verdict`;
  const set = (kind: "set" | "map", name: string, type: string, about: string, list: readonly string[]): Block => ({
    kind,
    name,
    lines: [type.startsWith("type") ? type : `type ${type}`, `comment "${about}"`, ...elementLines(list)],
  });
  const port = "type inet_proto . inet_service : verdict";
  return [
    set("set", "cluster-ips", address, "Active ClusterIPs", [...new Set(elements.cluster)]),
    ...(rules.settings.nodePortAddresses === undefined
      ? []
      : [set("set", "nodeport-ips", address, "IPs that accept NodePort traffic", nodePortAddresses(rules, version))]),
    set(
      "map",
      "no-endpoint-services",
      verdict,
      "vmap to drop or reject packets to services with no endpoints",
      elements.noServices,
    ),
    set(
      "map",
      "no-endpoint-nodeports",
      port,
      "vmap to drop or reject packets to service nodeports with no endpoints",
      elements.noNodePorts,
    ),
    set("map", "firewall-ips", verdict, "destinations that are subject to LoadBalancerSourceRanges", elements.firewall),
    set("map", "service-ips", verdict, "ClusterIP, ExternalIP and LoadBalancer IP traffic", elements.services),
    set("map", "service-nodeports", port, "NodePort traffic", elements.nodePorts),
    ...baseChains(rules, ip),
    ...chains,
  ];
}

function nodePortAddresses({ node, settings }: NodeServices, version: 4 | 6): readonly string[] {
  const own = node.addresses.filter((address) => ipVersion(address) === version);
  return settings.nodePortAddresses === "primary" ? own.slice(0, 1) : own;
}

function elementLines(list: readonly string[]): readonly string[] {
  if (list.length === 0) return [];
  const pad = "\t\t\t     ";
  const perLine = list.every((one) => !one.includes(" ")) ? 2 : 1;
  const rows: string[] = [];
  for (let at = 0; at < list.length; at += perLine) rows.push(list.slice(at, at + perLine).join(", "));
  return [`elements = { ${rows.join(`,\n${pad}`)} }`];
}

function baseChains({ settings, serviceCIDRs }: NodeServices, ip: string): readonly Block[] {
  const chain = (name: string, ...lines: string[]): Block => ({ kind: "chain", name, lines });
  const ranges = serviceCIDRs.filter((range) => range.includes(":") === (ip === "ip6"));
  const within = settings.nodePortAddresses === undefined ? "fib daddr type local" : `${ip} daddr @nodeport-ips`;
  const loopback = ip === "ip6" ? "ip6 daddr != ::1" : "ip daddr != 127.0.0.0/8";
  const nodePorts = settings.nodePortAddresses === undefined ? `${within} ${loopback}` : within;
  const services = `${ip} daddr . meta l4proto . th dport`;
  return [
    chain(
      "filter-prerouting",
      "type filter hook prerouting priority dstnat - 10; policy accept;",
      "ct state new jump firewall-check",
    ),
    chain(
      "filter-input",
      "type filter hook input priority -110; policy accept;",
      "ct state new jump nodeport-endpoints-check",
      "ct state new jump service-endpoints-check",
    ),
    chain(
      "filter-forward",
      "type filter hook forward priority -110; policy accept;",
      "ct state new jump service-endpoints-check",
      "ct state new jump cluster-ips-check",
    ),
    chain(
      "filter-output",
      "type filter hook output priority -110; policy accept;",
      "ct state new jump service-endpoints-check",
      "ct state new jump firewall-check",
    ),
    chain(
      "filter-output-post-dnat",
      "type filter hook output priority -90; policy accept;",
      "ct state new jump cluster-ips-check",
    ),
    chain("nat-prerouting", "type nat hook prerouting priority dstnat; policy accept;", "jump services"),
    chain("nat-output", "type nat hook output priority -100; policy accept;", "jump services"),
    chain("nat-postrouting", "type nat hook postrouting priority srcnat; policy accept;", "jump masquerading"),
    chain("nodeport-endpoints-check", `${nodePorts} meta l4proto . th dport vmap @no-endpoint-nodeports`),
    chain("service-endpoints-check", `${services} vmap @no-endpoint-services`),
    chain("firewall-check", `${services} vmap @firewall-ips`),
    chain("services", `${services} vmap @service-ips`, `${nodePorts} meta l4proto . th dport vmap @service-nodeports`),
    chain(
      "masquerading",
      "meta mark & 0x00004000 == 0x00000000 return",
      "meta mark set meta mark ^ 0x00004000",
      "masquerade fully-random",
    ),
    chain(
      "cluster-ips-check",
      `${ip} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`,
      ...(ranges.length > 0
        ? [
            `${ip} daddr ${ranges.length > 1 ? `{ ${ranges.join(", ")} }` : ranges[0]} drop comment "Drop traffic to unallocated ClusterIPs"`,
          ]
        : []),
    ),
    chain("mark-for-masquerade", "meta mark set meta mark | 0x00004000"),
    chain("reject-chain", 'comment "helper for @no-endpoint-services / @no-endpoint-nodeports"', "reject"),
  ];
}

function portBlocks(rules: NodeServices, served: ServedPort, elements: Elements, ip: string): readonly Block[] {
  const { cluster, local, any } = rules.table.choice(served);
  const { label, clusterIP, port, nodePort, externalIPs, balancerIPs, sourceRanges } = served;
  const protocol = served.protocol.toLowerCase();
  const name = portName(served);
  const inner = served.internalLocal ? local : cluster;
  const outer = served.externalLocal ? local : cluster;
  const innerChain = `${served.internalLocal ? "local" : "service"}-${name}`;
  elements.cluster.push(clusterIP);
  const none = `comment "${label}" : ${any ? "drop" : "goto reject-chain"}`;
  if (any && inner.length > 0) elements.services.push(`${clusterIP} . ${protocol} . ${port} : goto ${innerChain}`);
  else elements.noServices.push(`${clusterIP} . ${protocol} . ${port} ${none}`);
  for (const address of [...externalIPs, ...balancerIPs]) {
    if (any) elements.services.push(`${address} . ${protocol} . ${port} : goto external-${name}`);
    if (!any || outer.length === 0) elements.noServices.push(`${address} . ${protocol} . ${port} ${none}`);
  }
  if (any && sourceRanges.length > 0)
    for (const address of balancerIPs)
      elements.firewall.push(`${address} . ${protocol} . ${port} comment "${label}" : goto firewall-${name}`);
  if (nodePort !== 0) {
    if (any) elements.nodePorts.push(`${protocol} . ${nodePort} : goto external-${name}`);
    if (!any || outer.length === 0) elements.noNodePorts.push(`${protocol} . ${nodePort} ${none}`);
  }
  return any ? chainsOf(rules, served, { cluster, local, inner, outer, innerChain }, ip) : [];
}

function chainsOf(
  { settings }: NodeServices,
  served: ServedPort,
  use: {
    cluster: readonly Endpoint[];
    local: readonly Endpoint[];
    inner: readonly Endpoint[];
    outer: readonly Endpoint[];
    innerChain: string;
  },
  ip: string,
): readonly Block[] {
  const name = portName(served);
  const protocol = served.protocol.toLowerCase();
  const range = settings.clusterCIDRs.find((one) => one.includes(":") === (ip === "ip6"));
  const to = ({ address, port }: Endpoint): string => `endpoint-${endpointName(served, address, port)}`;
  const masquerade = `${ip} daddr ${served.clusterIP} ${protocol} dport ${served.port}`;
  const hides = settings.masqueradeAll
    ? [`${masquerade} jump mark-for-masquerade`]
    : range === undefined
      ? []
      : [`${masquerade} ${ip} saddr != ${range} jump mark-for-masquerade`];
  const balance = (chain: string, endpoints: readonly Endpoint[]): Block => ({
    kind: "chain",
    name: chain,
    lines: [
      ...(chain === use.innerChain ? hides : []),
      ...(served.affinity === undefined
        ? []
        : endpoints.map(
            (one) => `${ip} saddr @affinity-${endpointName(served, one.address, one.port)} goto ${to(one)}`,
          )),
      `numgen random mod ${endpoints.length} vmap { ${endpoints.map((one, at) => `${at} : goto ${to(one)}`).join(", ")} }`,
    ],
  });
  const blocks: Block[] = [];
  if (use.cluster.length > 0) blocks.push(balance(`service-${name}`, use.cluster));
  if (use.local.length > 0) blocks.push(balance(`local-${name}`, use.local));
  if (isExternal(served))
    blocks.push({ kind: "chain", name: `external-${name}`, lines: externalLines(served, use.outer, range, ip) });
  if (served.balancerIPs.length > 0 && served.sourceRanges.length > 0)
    blocks.push({
      kind: "chain",
      name: `firewall-${name}`,
      lines: [`${ip} saddr { ${served.sourceRanges.join(", ")} } return`, "drop"],
    });
  for (const one of new Set([...use.cluster, ...use.local]))
    blocks.push({
      kind: "chain",
      name: to(one),
      lines: [
        `${ip} saddr ${one.address} jump mark-for-masquerade`,
        ...(served.affinity === undefined
          ? []
          : [`update @affinity-${endpointName(served, one.address, one.port)} { ${ip} saddr }`]),
        `meta l4proto ${protocol} dnat to ${socket(one.address, one.port)}`,
      ],
    });
  return blocks;
}

function externalLines(
  served: ServedPort,
  outer: readonly Endpoint[],
  range: string | undefined,
  ip: string,
): string[] {
  const name = portName(served);
  if (!served.externalLocal) return ["jump mark-for-masquerade", `goto service-${name}`];
  return [
    ...(range === undefined ? [] : [`${ip} saddr ${range} goto service-${name} comment "short-circuit pod traffic"`]),
    'fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"',
    `fib saddr type local goto service-${name} comment "short-circuit local traffic"`,
    ...(outer.length > 0 ? [`goto local-${name}`] : []),
  ];
}
