import { cidrContains, cidrIn, type Ip } from "../../../base/cidr.ts";
import { type LabelSelectorFields, type Labels, matchesSelector } from "../../../base/selector.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../kinds/types/network.ts";

/** A pod as policies see it. */
export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels | undefined;
  /** The numbers of its named ports, by "PROTOCOL/name". */
  readonly namedPorts: ReadonlyMap<string, readonly number[]>;
}

/** Whoever is at the other end of a packet. */
export interface PolicyEnd {
  /** Found out when a block asks; undefined for what is no address. */
  ip(): Ip | undefined;
  readonly pod: PolicyPod | undefined;
  /** The labels of its pod's namespace. */
  readonly namespaceLabels: Labels | undefined;
  /** An ipBlock can mean it. */
  readonly inBlocks: boolean;
}

/** A port that a rule allows. */
interface AllowedPort {
  readonly protocol: string;
  /** All ports where neither is there. */
  readonly range?: readonly [first: number, last: number];
  /** Its name, with the protocol before it: "TCP/http". */
  readonly named?: string;
}

type Peer = (end: PolicyEnd) => boolean;

/** One rule: whom it allows, and on which ports; everyone and everything where left out. */
interface Rule {
  readonly peers?: readonly Peer[];
  readonly ports?: readonly AllowedPort[];
}

/** A NetworkPolicy, ready to be asked. A direction that it does not police has no list. */
export interface CompiledPolicy {
  readonly namespace: string;
  readonly name: string;
  selects(labels: Labels | undefined): boolean;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** Compiles a policy (networking.k8s.io/v1 NetworkPolicySpec, 1.35). */
export function compilePolicy({ metadata, spec }: NetworkPolicy): CompiledPolicy {
  const { namespace = "", name } = metadata;
  const { podSelector = {}, ingress = [], egress = [] } = spec;
  const types = spec.policyTypes?.length ? spec.policyTypes : egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  return {
    namespace,
    name,
    selects: (labels) => matchesSelector(podSelector, labels),
    ...(types.includes("Ingress") ? { ingress: ingress.map(({ from, ports }) => rule(namespace, from, ports)) } : {}),
    ...(types.includes("Egress") ? { egress: egress.map(({ to, ports }) => rule(namespace, to, ports)) } : {}),
  };
}

/** An empty list means the same as none at all: everyone, every port. */
function rule(namespace: string, peers: NetworkPolicyPeer[] = [], ports: NetworkPolicyPort[] = []): Rule {
  return {
    ...(peers.length > 0 ? { peers: peers.map((peer) => peerOf(namespace, peer)) } : {}),
    ...(ports.length > 0 ? { ports: ports.map(portOf) } : {}),
  };
}

function peerOf(home: string, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): Peer {
  if (ipBlock) return blockOf(ipBlock);
  if (!namespaceSelector)
    return ({ pod }) => pod !== undefined && pod.namespace === home && matchesSelector(podSelector, pod.labels);
  return ({ pod, namespaceLabels }) =>
    pod !== undefined &&
    fits(namespaceSelector, namespaceLabels) &&
    (podSelector === undefined || matchesSelector(podSelector, pod.labels));
}

/** A namespace that is not known any more fits nothing. */
function fits(selector: LabelSelectorFields, labels: Labels | undefined): boolean {
  return labels !== undefined && matchesSelector(selector, labels);
}

function blockOf({ cidr, except = [] }: { cidr: string; except?: string[] }): Peer {
  const whole = cidrIn(cidr);
  if (!whole) return () => false;
  const holes = except.flatMap((text) => cidrIn(text) ?? []);
  return (end) => {
    const ip = end.inBlocks ? end.ip() : undefined;
    return ip !== undefined && cidrContains(whole, ip) && !holes.some((hole) => cidrContains(hole, ip));
  };
}

function portOf({ protocol = "TCP", port, endPort }: NetworkPolicyPort): AllowedPort {
  if (port === undefined) return { protocol };
  return typeof port === "number"
    ? { protocol, range: [port, endPort ?? port] }
    : { protocol, named: `${protocol}/${port}` };
}

/** Whether a rule lets a packet pass. `receiver`: the pod at the receiving end, by which a port's name is known. */
export function allows(
  { peers, ports }: Rule,
  end: PolicyEnd,
  packet: { readonly protocol: string; readonly port: number },
  receiver: PolicyPod | undefined,
): boolean {
  if (ports && !ports.some((port) => isPort(port, packet, receiver))) return false;
  return !peers || peers.some((peer) => peer(end));
}

function isPort(
  { protocol, range, named }: AllowedPort,
  packet: { readonly protocol: string; readonly port: number },
  receiver: PolicyPod | undefined,
): boolean {
  if (protocol !== packet.protocol) return false;
  if (range) return range[0] <= packet.port && packet.port <= range[1];
  if (named === undefined) return true;
  return receiver?.namedPorts.get(named)?.includes(packet.port) === true;
}
