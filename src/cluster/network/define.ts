import type { Protocol } from "../../machine/define-network.ts";

/** Under this name a node keeps its pod network: the machine's part is a PodNetwork, set by the CNI's agent on the node. */
export const POD_NETWORK = "pod-network";

/** A node's way to pods: set up by the agent of its CNI, and still there when the agent has stopped. */
export interface PodNetwork {
  readonly plugin: "flannel" | "calico" | "cilium";
  /** The ranges of the node's own pods. */
  readonly cidrs: readonly string[];
  /** The node's addresses towards its own pods (cilium_host); by the plugin's rule where left out (cni0 of flannel). */
  readonly towardsPods?: readonly string[];
  /** The node's addresses at the overlay between nodes (tunl0, cilium_host); by the plugin's rule where left out (flannel.1). */
  readonly towardsNodes?: readonly string[];
}

/** Under this name a node keeps the NetworkPolicies that its CNI enforces: the machine's part is a PolicyRules. None enforces nothing. */
export const POLICY_RULES = "policy-rules";

/** A packet that opens a connection, as it passes the interface of a pod: behind the translation of service addresses. */
export interface PolicyPacket {
  readonly direction: "ingress" | "egress";
  /** The address of the pod, which is on the node that is asked. */
  readonly pod: string;
  /** The address at the other end. */
  readonly peer: string;
  /** The port that is asked for, at the receiving end; 0 for ICMP. */
  readonly port: number;
  readonly protocol: Protocol | "ICMP";
  /** The other end is the pod's own node, speaking from its host network. */
  readonly ownHost: boolean;
}

export interface PolicyRules {
  /** Why the packet is dropped, for people ("NetworkPolicy shop/deny-all selects the pod and allows no ingress"); undefined where it passes. */
  refuses(packet: PolicyPacket): string | undefined;
}

/** Under this name a node keeps the addresses that it answers for on the nodes' own network, beside its own: the machine's part is an Announced. */
export const ANNOUNCED = "announced-addresses";

/** What a load balancer's agent announces from a node (ARP and neighbour discovery). */
export interface Announced {
  has(address: string): boolean;
}

/** The machine's part that tells which pod has a port of the node (hostPort, by the CNI plugin portmap): it is a HostPorts. */
export const HOST_PORTS = "host-ports";

/** The pod's address and port behind a port of the node, asked for at one of the node's addresses. */
export type HostPorts = (
  port: number,
  protocol: Protocol,
  address: string,
) => { readonly address: string; readonly port: number } | undefined;
