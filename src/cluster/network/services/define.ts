import type { Protocol } from "../../../machine/define-network.ts";

/** Under this name a node keeps what its kube-proxy last wrote: the machine's part is a ServiceRules. */
export const SERVICE_RULES = "service-rules";

export type ProxyMode = "iptables" | "ipvs" | "nftables";

/** What kube-proxy's configuration says about the rules that it writes (KubeProxyConfiguration, 1.35). */
export interface ProxySettings {
  readonly mode: ProxyMode;
  /** Where connections of the cluster's own pods come from (detectLocalMode ClusterCIDR); nothing is told apart where empty. */
  readonly clusterCIDRs: readonly string[];
  readonly masqueradeAll: boolean;
  /** The node's addresses that node ports answer at; all of them where left out. */
  readonly nodePortAddresses: readonly string[] | "primary" | undefined;
  /** Whether 127.0.0.1 is one of them (mode iptables). */
  readonly localhostNodePorts: boolean;
  /** How mode ipvs chooses. */
  readonly scheduler: string;
}

export const usualSettings: ProxySettings = {
  mode: "iptables",
  clusterCIDRs: [],
  masqueradeAll: false,
  nodePortAddresses: undefined,
  localhostNodePorts: true,
  scheduler: "rr",
};

/** A packet that opens a connection, as it comes to a node's service rules. */
export interface ServicePacket {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Where it comes from: a pod of the node, its host network, or another machine. */
  readonly origin: "pod" | "host" | "wire";
  /** The destination is one of the node's own addresses. */
  readonly isOwn: boolean;
}

/** A packet that ends at a node's rules, and why. */
export interface Ended {
  readonly failed: "refused" | "timeout";
  readonly because: string;
}

/** What becomes of a packet at a node's service rules: a new destination, or its end. Undefined where no rule is about it. */
export type Verdict =
  | { readonly to: { readonly address: string; readonly port: number }; readonly masquerade: boolean }
  | Ended
  | undefined;

/** A node's rules for Services. */
export interface ServiceRules {
  translate(packet: ServicePacket): Verdict;
  /** Why an echo request to a service's address ends at the node itself; undefined where it goes on its way. */
  refusesEcho(address: string): string | undefined;
  /** What a service's address is that no rule has taken a packet to: for people. */
  knownAs(address: string): string | undefined;
}
