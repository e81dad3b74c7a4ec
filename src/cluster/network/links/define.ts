import type { Machine } from "../../../machine/machine.ts";
import type { PodNetwork } from "../define.ts";

/** An address on a link. */
export interface LinkAddress {
  readonly address: string;
  readonly prefix: number;
  readonly scope: "global" | "link" | "host";
  readonly broadcast?: string;
}

/** A network interface, as `ip link` shows it. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Where its other end is: a link of the same namespace, or one of another that has a name or (seen from a pod) a number. */
  readonly peer?: { readonly index: number; readonly name?: string; readonly namespace?: string };
  readonly type: "loopback" | "ether" | "ipip";
  /** What `type` of `ip link show type …` it is; nothing for a network card. */
  readonly kind?: "bridge" | "vxlan" | "veth" | "ipip" | "dummy";
  /** Its hardware address, and the one for all; of a tunnel, addresses of IP. */
  readonly mac: string;
  readonly broadcast: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly qdisc: string;
  readonly state: "UP" | "DOWN" | "UNKNOWN";
  readonly master?: string;
  /** The length of its queue; not shown where there is none. */
  readonly queue?: number;
  readonly addresses: readonly LinkAddress[];
}

/** A line of the main routing table. */
export interface NetworkRoute {
  /** A network as text; "default" for all addresses. */
  readonly to: string;
  readonly family: 4 | 6;
  /** Packets are dropped with an error. */
  readonly blackhole?: true;
  readonly via?: string;
  /** Nothing for a blackhole. */
  readonly dev?: string;
  readonly protocol?: "kernel" | "bird";
  readonly link?: true;
  readonly source?: string;
  readonly metric?: number;
  readonly mtu?: number;
  readonly onlink?: true;
}

/** Who was last known to have an address on a link. */
export interface Neighbour {
  readonly address: string;
  readonly dev: string;
  readonly mac: string;
  readonly state: "REACHABLE" | "STALE" | "PERMANENT";
}

/** A pod on its node, by what the CNI plugin was told of it. */
export interface PodPlace {
  readonly sandbox: string;
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A node as its network looks: what its own links and routes follow from. */
export interface NodePlace {
  readonly host: Machine;
  /** Of its network card, IPv4 first. */
  readonly addresses: readonly string[];
  readonly network: PodNetwork | undefined;
  /** Its pods that have a network of their own. */
  readonly pods: readonly PodPlace[];
  /** The other hosts of the world. */
  readonly others: () => readonly NodePlace[];
}

/** What a CNI plugin and its agent add to a node, and what a pod has of them. */
export interface PodLinks {
  /** The tunnel to pods of other nodes. */
  readonly tunnel: string;
  /** The links that packets for a pod pass on its node. */
  towards(pod: PodPlace): readonly string[];
  /** The links of a node beside lo and eth0. */
  onNode(node: NodePlace): readonly Link[];
  nodeRoutes(node: NodePlace): readonly NetworkRoute[];
  nodeNeighbours(node: NodePlace): readonly Neighbour[];
  /** The links of a pod beside lo. */
  inPod(node: NodePlace, pod: PodPlace): readonly Link[];
  podRoutes(node: NodePlace, pod: PodPlace): readonly NetworkRoute[];
  podNeighbours(node: NodePlace, pod: PodPlace): readonly Neighbour[];
}
