import { type Cidr, cidrContains, type Ip, ipVersion, parseIp, rangeIn, sameFamily } from "../../../base/cidr.ts";
import type { Clock } from "../../../base/clock.ts";
import { SECOND } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import type { Ended, ProxySettings, ServicePacket, ServiceRules, Verdict } from "./define.ts";
import type { Endpoint, ServedPort } from "./served-port.ts";
import type { ServiceTable } from "./service-table.ts";

/** The node that the rules are on. */
interface RulesNode {
  readonly name: string;
  /** Its own addresses; the first of a family is the primary one. */
  readonly addresses: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** How a packet goes on, or why it does not. */
type Chosen = { readonly from: readonly Endpoint[]; readonly masquerade: boolean } | Ended | undefined;

const networks = new Map<string, Cidr | undefined>();

/** The network of a text; undefined where it is none. */
function networkOf(text: string): Cidr | undefined {
  if (networks.has(text)) return networks.get(text);
  const network = rangeIn(text);
  if (networks.size > 1000) networks.clear();
  networks.set(text, network);
  return network;
}

function inSome(ranges: readonly string[], ip: Ip | undefined): boolean {
  if (!ip) return false;
  return ranges.some((range) => {
    const network = networkOf(range);
    return network !== undefined && cidrContains(network, ip);
  });
}

/** What a node's kube-proxy wrote, and what its kernel remembers by it: which client stays with which endpoint, whose turn it is. */
export class NodeServices implements ServiceRules {
  readonly settings: ProxySettings;
  readonly table: ServiceTable;
  readonly node: RulesNode;
  /** The ranges that cluster IPs are taken from, where the mode needs them. */
  serviceCIDRs: readonly string[] = [];
  private readonly stays = new Map<string, { readonly endpoint: string; readonly at: number }>();
  private readonly pods = new Map<string, boolean>();
  private readonly turns = new Map<string, number>();

  constructor(node: RulesNode, settings: ProxySettings, table: ServiceTable) {
    this.node = node;
    this.settings = settings;
    this.table = table;
  }

  translate(packet: ServicePacket): Verdict {
    const { destination, port, protocol } = packet;
    const served = this.table.at(destination, port, protocol);
    if (served) {
      const chosen =
        destination === served.clusterIP ? this.internal(served, packet) : this.external(served, packet, "address");
      return this.picked(served, packet, chosen);
    }
    if (packet.isOwn) {
      const behind = this.table.atNodePort(port, protocol, destination.includes(":") ? 6 : 4);
      if (behind && this.takesNodePorts(destination))
        return this.picked(behind, packet, this.external(behind, packet, "node port"));
      return undefined;
    }
    return this.stray(packet);
  }

  /** A packet to a Service's address on a port that the Service has not. */
  private stray({ destination, port }: ServicePacket): Verdict {
    const { mode } = this.settings;
    const owner = mode === "iptables" ? undefined : this.table.owner(destination);
    // ipvs binds all addresses of Services to the node and rejects what no rule is about; nftables rejects for cluster IPs.
    if (!owner || (mode === "nftables" && !owner.isCluster)) return undefined;
    return { failed: "refused", because: `service ${owner.service} has no port ${port}` };
  }

  refusesEcho(address: string): string | undefined {
    const { mode } = this.settings;
    const owner = mode === "iptables" ? undefined : this.table.owner(address);
    if (!owner || (mode === "nftables" && !owner.isCluster)) return undefined;
    return `the node's kube-proxy (${mode}) rejects what is not for a port of service ${owner.service}`;
  }

  knownAs(address: string): string | undefined {
    const owner = this.table.owner(address);
    return owner && `${owner.isCluster ? "the cluster IP" : "an external address"} of service ${owner.service}`;
  }

  /** To the cluster IP. */
  private internal(served: ServedPort, packet: ServicePacket): Chosen {
    const { cluster, local, any } = this.table.choice(served);
    if (!any) return noEndpoints(served);
    const { masqueradeAll, clusterCIDRs } = this.settings;
    const masquerade = masqueradeAll || (clusterCIDRs.length > 0 && !this.isPod(packet.source));
    if (!served.internalLocal) return { from: cluster, masquerade };
    if (local.length > 0) return { from: local, masquerade };
    const ended = noLocal(served, this.node.name, "internalTrafficPolicy");
    if (this.settings.mode !== "ipvs" || packet.origin === "wire") return ended;
    // Mode ipvs falls back to all endpoints where it knows them (pkg/proxy/ipvs syncEndpoint, 1.35), and rejects where there are none.
    return cluster.length > 0 ? { from: cluster, masquerade } : { ...ended, failed: "refused" };
  }

  /** To a port of the node, or an address from outside. */
  private external(served: ServedPort, packet: ServicePacket, by: "address" | "node port"): Chosen {
    const { cluster, local, any } = this.table.choice(served);
    const { mode } = this.settings;
    // The rule of mode iptables stands where packets come in or pass through; the node's own go on their way.
    if (!any)
      return mode === "iptables" && packet.origin === "host" && by === "address" ? undefined : noEndpoints(served);
    const { sourceRanges, balancerIPs } = served;
    if (by === "address" && sourceRanges.length > 0 && balancerIPs.includes(packet.destination)) {
      const loops = balancerIPs.includes(packet.source) && this.allowsNode(served);
      if (!loops && !inSome(sourceRanges, parseIp(packet.source)))
        return {
          failed: "timeout",
          because: `service ${served.service} takes connections from ${sourceRanges.join(", ")} alone (loadBalancerSourceRanges)`,
        };
    }
    if (!served.externalLocal) return { from: cluster, masquerade: true };
    // Pods of the cluster and the node itself are not outside: traffic policy Cluster is theirs.
    if (this.isPod(packet.source)) return { from: cluster, masquerade: false };
    if (packet.origin === "host") return { from: cluster, masquerade: true };
    if (local.length > 0) return { from: local, masquerade: false };
    return noLocal(served, this.node.name, "externalTrafficPolicy");
  }

  /** Whether an address is one of the cluster's pods, as far as kube-proxy was told. */
  private isPod(address: string): boolean {
    let known = this.pods.get(address);
    if (known === undefined) {
      known = inSome(this.settings.clusterCIDRs, parseIp(address));
      if (this.pods.size > 10_000) this.pods.clear();
      this.pods.set(address, known);
    }
    return known;
  }

  /** Whether source ranges take in the node itself. */
  allowsNode({ sourceRanges, version }: ServedPort): boolean {
    const own = this.node.addresses.find((address) => ipVersion(address) === version);
    return own !== undefined && inSome(sourceRanges, parseIp(own));
  }

  /** Whether node ports answer at an address of the node. */
  private takesNodePorts(address: string): boolean {
    const { mode, nodePortAddresses, localhostNodePorts } = this.settings;
    const isLoopback = address === "::1" || address.startsWith("127.");
    if (isLoopback && (mode !== "iptables" || !localhostNodePorts || address === "::1")) return false;
    if (nodePortAddresses === undefined) return true;
    if (nodePortAddresses === "primary") return address === this.node.addresses.find(sameFamily(address));
    return inSome(nodePortAddresses, parseIp(address));
  }

  private picked(served: ServedPort, { source }: ServicePacket, chosen: Chosen): Verdict {
    if (!chosen || "failed" in chosen) return chosen;
    const endpoint = this.pick(served, source, chosen.from);
    if (!endpoint) return noEndpoints(served);
    const { address, port } = endpoint;
    // What goes back to where it came from must come from the node, or the answer would not pass it.
    return { to: { address, port }, masquerade: chosen.masquerade || address === source };
  }

  private pick(served: ServedPort, source: string, from: readonly Endpoint[]): Endpoint | undefined {
    const { affinity, label, protocol } = served;
    if (affinity === undefined) return this.next(served, from);
    const key = `${label}/${protocol} ${source}`;
    const { now } = this.node.clock;
    const before = this.stays.get(key);
    const last =
      before && now - before.at < affinity * SECOND
        ? from.find(({ address, port }) => `${address} ${port}` === before.endpoint)
        : undefined;
    const endpoint = last ?? this.next(served, from);
    if (endpoint) this.stays.set(key, { endpoint: `${endpoint.address} ${endpoint.port}`, at: now });
    return endpoint;
  }

  private next(served: ServedPort, from: readonly Endpoint[]): Endpoint | undefined {
    if (from.length < 2) return from[0];
    if (this.settings.mode !== "ipvs" || this.settings.scheduler !== "rr") return this.node.random.pick(from);
    const key = `${served.label}/${served.protocol}`;
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    return from[turn % from.length];
  }
}

function noEndpoints({ service, label }: ServedPort): Ended {
  const which = label === service ? `service ${service}` : `port ${label} of service ${service}`;
  return { failed: "refused", because: `${which} has no endpoints` };
}

function noLocal({ service }: ServedPort, node: string, policy: string): Ended {
  return { failed: "timeout", because: `service ${service} has no endpoint on ${node} (${policy}: Local)` };
}
