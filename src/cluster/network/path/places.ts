import {
  cidrContains,
  cidrOf,
  cidrText,
  ipText,
  ipVersion,
  nthAddress,
  parseCidr,
  parseIp,
  sameFamily,
} from "../../../base/cidr.ts";
import type { NetworkNamespace } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";
import { ANNOUNCED, type Announced, POD_NETWORK, type PodNetwork } from "../define.ts";

/** Who answers at an address: a host, or a pod on it. */
export interface Place {
  readonly net: NetworkNamespace;
  readonly node: Machine;
  readonly isPod: boolean;
}

/** The networks that hosts are in: 192.168.56.0/24. */
const HOST_PREFIX = { 4: 24, 6: 64 } as const;

/** An address in the form that all others are kept in. */
export function canonicalAddress(address: string): string {
  if (ipVersion(address) === 4) return address;
  const ip = parseIp(address);
  return ip ? ipText(ip) : address;
}

export function podNetworkOf(node: Machine): PodNetwork | undefined {
  return node.parts.get(POD_NETWORK) as PodNetwork | undefined;
}

/** The network of its own that a host's address lies in. */
export function hostNetworkOf(address: string): string {
  const ip = parseIp(address);
  return ip ? cidrText(cidrOf(ip, HOST_PREFIX[ip.version])) : "";
}

export function lies(address: string, range: string): boolean {
  const ip = parseIp(address);
  return ip !== undefined && cidrContains(parseCidr(range), ip);
}

/** A node's own address in the family of another; undefined where it has none. */
export function hostAddress(node: Machine, like: string): string | undefined {
  return node.net.addresses.find(sameFamily(like));
}

/** Which address of a node's own range its agent takes: at the pods' router and at the overlay (cni0 and flannel.1; tunl0; cilium_host). */
const taken = {
  flannel: { towardsPods: 1, towardsNodes: 0 },
  calico: { towardsPods: undefined, towardsNodes: 0 },
  cilium: { towardsPods: 1, towardsNodes: 1 },
} as const;

const firstTwo = new Map<string, readonly [string, string]>();

/** Number 0 or 1 of a range's addresses. */
function addressInRange(range: string, n: 0 | 1): string {
  let both = firstTwo.get(range);
  if (both === undefined) {
    const cidr = parseCidr(range);
    const text = (at: number): string => {
      const ip = nthAddress(cidr, at);
      return ip ? ipText(ip) : "";
    };
    both = [text(0), text(1)];
    if (firstTwo.size > 20_000) firstTwo.clear();
    firstTwo.set(range, both);
  }
  return both[n];
}

function towards(side: "towardsPods" | "towardsNodes", node: Machine, like: string): string | undefined {
  const network = podNetworkOf(node);
  const given = network?.[side]?.find(sameFamily(like));
  const number = network && taken[network.plugin][side];
  const range = number === undefined ? undefined : network?.cidrs.find(sameFamily(like));
  if (given !== undefined || range === undefined || number === undefined) return given ?? hostAddress(node, like);
  return addressInRange(range, number);
}

/** The node's address that its own pods see as their router, in the family of another. */
export function addressTowardsPods(node: Machine, like: string): string | undefined {
  return towards("towardsPods", node, like);
}

/** The node's address at the overlay, in the family of another. */
export function addressTowardsNodes(node: Machine, like: string): string | undefined {
  return towards("towardsNodes", node, like);
}

/** Whether an address is one of a node's own: its host's, or those of its pod network. */
export function isOwnAddress(node: Machine, address: string): boolean {
  if (node.net.addresses.includes(address)) return true;
  if (!podNetworkOf(node)) return false;
  return addressTowardsPods(node, address) === address || addressTowardsNodes(node, address) === address;
}

/** Who has which address in the world. */
export class Places {
  private readonly byAddress = new Map<string, Place>();
  private readonly hosts = new Set<Machine>();

  attach(net: NetworkNamespace, node: Machine, isPod: boolean): void {
    if (!isPod) this.hosts.add(node);
    for (const address of net.addresses) this.byAddress.set(canonicalAddress(address), { net, node, isPod });
  }

  detach(net: NetworkNamespace): void {
    for (const given of net.addresses) {
      const address = canonicalAddress(given);
      const place = this.byAddress.get(address);
      if (place?.net !== net) continue;
      this.byAddress.delete(address);
      if (!place.isPod) this.hosts.delete(place.node);
    }
  }

  /** The host or pod that has an address of its own. */
  known(address: string): Place | undefined {
    return this.byAddress.get(address);
  }

  /** Who has an address; a node's addresses at its pod network are the node's. */
  of(address: string): Place | undefined {
    const place = this.byAddress.get(address);
    if (place) return place;
    for (const host of this.hosts)
      if (podNetworkOf(host) && isOwnAddress(host, address)) return { net: host.net, node: host, isPod: false };
    return undefined;
  }

  /** The hosts that are switched on. */
  all(): readonly Machine[] {
    return [...this.hosts];
  }

  isOn(node: Machine): boolean {
    return this.hosts.has(node);
  }

  /** The node whose pods have the addresses of a range. */
  nodeOfRange(address: string): Machine | undefined {
    for (const host of this.hosts) if (podNetworkOf(host)?.cidrs.some((range) => lies(address, range))) return host;
    return undefined;
  }

  /** The other host that answers for an address by announcing it. */
  announcer(address: string, asking: Machine): Machine | undefined {
    for (const host of this.hosts)
      if (host !== asking && (host.parts.get(ANNOUNCED) as Announced | undefined)?.has(address)) return host;
    return undefined;
  }
}
