import { ipVersion, sameFamily } from "../../../base/cidr.ts";
import type { Machine } from "../../../machine/machine.ts";
import { HOST_PORTS, type HostPorts, POLICY_RULES, type PolicyRules } from "../define.ts";
import { SERVICE_RULES, type ServiceRules } from "../services/define.ts";
import { type Ended, type Origin, type Packet, refused, type Trip, timeout, unreachable } from "./define.ts";
import {
  addressTowardsNodes,
  addressTowardsPods,
  canonicalAddress,
  hostAddress,
  isOwnAddress,
  lies,
  type Place,
  type Places,
  podNetworkOf,
} from "./places.ts";
import { unrouted } from "./unrouted.ts";

/** A packet that comes to so many nodes goes round in circles. */
const MOST_NODES = 16;

const isLoopback = (address: string): boolean => address === "::1" || address.startsWith("127.");

/** A packet behind the translation of addresses: where it goes now, and whether its source is the node's from here on. */
interface Translated {
  readonly packet: Packet;
  readonly masquerade: boolean;
}

/**
 * The way of a packet, as the nodes' own kernels decide it: service rules and ports of the node, policies of the pod that
 * sends, routes, then the same at each node that it comes to, and policies of the pod that receives.
 */
export class PacketPath {
  private readonly places: Places;

  constructor(places: Places) {
    this.places = places;
  }

  /** Who must answer a packet that a host or container sends; or why nobody does. */
  reach(from: Machine, given: string, port: number, protocol: Packet["protocol"]): Ended {
    const node = from.host ?? from;
    const isHost = from.net === node.net;
    const destination = toOneself[given] ?? canonicalAddress(given);
    const trip: Trip = { from, node, isHost, hops: [], nodes: 0 };
    if (isLoopback(destination)) return this.loopback(destination, port, protocol, trip);
    const own = from.net.addresses.find(sameFamily(destination));
    if (own === undefined) {
      const family = ipVersion(destination) === 6 ? "IPv6" : "IPv4";
      return unreachable(`${from.name} has no ${family} address, and so no route to ${destination}`);
    }
    if (!isHost && from.net.addresses.includes(destination)) return arrived(from.net, packetOf(destination), trip);
    const source = isHost ? this.hostSource(node, destination, own) : own;
    return this.comesTo(node, { source, destination, port, protocol }, isHost ? "host" : "pod", trip);

    function packetOf(address: string): Packet {
      return { source: address, destination: address, port, protocol };
    }
  }

  private loopback(destination: string, port: number, protocol: Packet["protocol"], trip: Trip): Ended {
    const source = ipVersion(destination) === 6 ? "::1" : "127.0.0.1";
    const packet: Packet = { source, destination, port, protocol };
    if (!trip.isHost) return arrived(trip.from.net, packet, trip);
    return this.comesTo(trip.node, packet, "host", trip);
  }

  /** The address that a host speaks from: that of the interface on the way. */
  private hostSource(node: Machine, destination: string, own: string): string {
    if (isOwnAddress(node, destination)) return destination;
    const place = this.places.known(destination);
    if (!place?.isPod || !podNetworkOf(node)) return own;
    return (place.node === node ? addressTowardsPods : addressTowardsNodes)(node, destination) ?? own;
  }

  /** A packet at a node: what the node's tables make of it. */
  private comesTo(node: Machine, packet: Packet, origin: Origin, trip: Trip): Ended {
    if (++trip.nodes > MOST_NODES) return timeout(`packets to ${packet.destination} go round in circles`);
    const translated = this.translate(node, packet, origin);
    const sender = origin === "pod" ? packet.source : undefined;
    if ("failed" in translated) {
      // The chains of the network plugin stand before kube-proxy's.
      const why = sender && refusal(node, "egress", sender, packet.destination, packet, false);
      return why ? timeout(why) : translated;
    }
    const { packet: next, masquerade } = translated;
    if (sender !== undefined && next.destination !== sender) {
      const why = refusal(node, "egress", sender, next.destination, next, isOwnAddress(node, next.destination));
      if (why !== undefined) return timeout(why);
    }
    return this.route(node, next, { masquerade, origin, before: packet }, trip);
  }

  private translate(node: Machine, packet: Packet, origin: Origin): Translated | (Ended & { failed: string }) {
    const { source, destination, port, protocol } = packet;
    const rules = node.parts.get(SERVICE_RULES) as ServiceRules | undefined;
    if (protocol === "ICMP") {
      const why = rules?.refusesEcho(destination);
      return why === undefined ? { packet, masquerade: false } : refused(why);
    }
    const isOwn = isLoopback(destination) || isOwnAddress(node, destination);
    const verdict = rules?.translate({ source, destination, port, protocol, origin, isOwn });
    if (verdict && "failed" in verdict) return verdict;
    if (verdict)
      return {
        packet: { ...packet, destination: canonicalAddress(verdict.to.address), port: verdict.to.port },
        masquerade: verdict.masquerade,
      };
    const behind = isOwn ? this.hostPort(node, destination, port, protocol) : undefined;
    if (!behind) return { packet, masquerade: false };
    // The plugin portmap hides the source where the answer would not come back: the node's loopback, and its own pods.
    const masquerade = isLoopback(destination) || (origin === "pod" && this.places.known(source)?.node === node);
    return { packet: { ...packet, destination: behind.address, port: behind.port }, masquerade };
  }

  private hostPort(
    node: Machine,
    destination: string,
    port: number,
    protocol: "TCP" | "UDP" | "SCTP",
  ): ReturnType<HostPorts> {
    const ports = node.parts.get(HOST_PORTS) as HostPorts | undefined;
    return destination === "::1" ? undefined : ports?.(port, protocol, destination);
  }

  private route(
    node: Machine,
    packet: Packet,
    how: { masquerade: boolean; origin: Origin; before: Packet },
    trip: Trip,
  ): Ended {
    const { destination } = packet;
    if (isLoopback(destination) || isOwnAddress(node, destination)) return arrived(node.net, packet, trip);
    const place = this.places.of(destination);
    if (!place) return this.announced(node, packet, how, trip);
    if (how.origin === "pod" && place.node !== node) hop(trip, addressTowardsPods(node, destination));
    if (place.node !== node && !this.places.isOn(place.node))
      return place.isPod
        ? timeout(`node ${place.node.name}, where ${destination} is, is off`)
        : unreachable(`${place.node.name} (${destination}) is off`);
    if (!place.isPod) return this.toHost(node, place, packet, how, trip);
    if (place.node === node) return this.toOwnPod(node, place, packet, how, trip);
    return this.toOtherPod(node, place, packet, how, trip);
  }

  /** To another host, by the hosts' own network. */
  private toHost(node: Machine, place: Place, packet: Packet, how: { masquerade: boolean }, trip: Trip): Ended {
    const sender = this.places.known(packet.source);
    // Networks of pods are not known outside of them: the node gives its own address. Cilium's nodes know each other's pods.
    const known = podNetworkOf(node)?.plugin === "cilium" && podNetworkOf(place.node)?.plugin === "cilium";
    const hides = how.masquerade || (sender?.isPod === true && !known);
    const source = (hides ? hostAddress(node, packet.destination) : undefined) ?? packet.source;
    return this.comesTo(place.node, { ...packet, source }, "wire", trip);
  }

  private toOwnPod(
    node: Machine,
    place: Place,
    packet: Packet,
    how: { masquerade: boolean; origin: Origin; before: Packet },
    trip: Trip,
  ): Ended {
    const { destination } = packet;
    const { plugin } = podNetworkOf(node) ?? {};
    const source = (how.masquerade ? addressTowardsPods(node, destination) : undefined) ?? packet.source;
    if (how.origin === "wire") hop(trip, addressTowardsNodes(node, destination));
    else if (how.origin === "pod" && plugin !== "flannel" && plugin !== undefined)
      hop(trip, addressTowardsPods(node, destination));
    if (place.net !== trip.from.net) {
      const isOwnHost =
        (trip.isHost && trip.node === node && how.origin !== "wire") || (plugin === "cilium" && how.masquerade);
      // Calico looks at packets before the node hides their source, Cilium behind it.
      const peer = plugin === "cilium" ? source : packet.source;
      const why = refusal(node, "ingress", destination, peer, packet, isOwnHost);
      if (why !== undefined) return timeout(why);
    }
    return arrived(place.net, { ...packet, source }, trip);
  }

  /** To a pod of another node, by the pod network. */
  private toOtherPod(node: Machine, place: Place, packet: Packet, how: { masquerade: boolean }, trip: Trip): Ended {
    const cut = [node, place.node].find((machine) => !podNetworkOf(machine));
    if (cut) return timeout(`the pod network of ${cut.name} is not set up`);
    const { destination } = packet;
    // flannel's routes lead to the ranges of nodes: what another plugin gave a pod there is known on its own node alone.
    const { plugin, cidrs = [] } = podNetworkOf(place.node) ?? {};
    if (plugin === "flannel" && !cidrs.some((range) => lies(destination, range)))
      return unrouted(this.places, node, packet, undefined);
    // flannel's own rules hide what comes from outside of the pod network.
    const foreign = podNetworkOf(node)?.plugin === "flannel" && !this.isPodNetwork(node, packet.source);
    const source = (how.masquerade || foreign ? addressTowardsNodes(node, destination) : undefined) ?? packet.source;
    return this.comesTo(place.node, { ...packet, source }, "wire", trip);
  }

  private isPodNetwork(node: Machine, address: string): boolean {
    const place = this.places.known(address);
    if (place) return place.isPod;
    return isOwnAddress(node, address) || this.places.nodeOfRange(address) !== undefined;
  }

  /** An address that no machine has: one that a node announces, or none. */
  private announced(node: Machine, packet: Packet, how: { masquerade: boolean; origin: Origin }, trip: Trip): Ended {
    const { destination } = packet;
    const own = hostAddress(node, destination);
    const inOwnRange = podNetworkOf(node)?.cidrs.some((range) => lies(destination, range));
    const announcer = own === undefined || inOwnRange ? undefined : this.places.announcer(destination, node);
    if (!announcer || !this.places.isOn(announcer)) {
      const rules = node.parts.get(SERVICE_RULES) as ServiceRules | undefined;
      return unrouted(this.places, node, packet, rules?.knownAs(destination));
    }
    if (how.origin === "pod") hop(trip, addressTowardsPods(node, destination));
    return this.toHost(node, { net: announcer.net, node: announcer, isPod: false }, packet, how, trip);
  }
}

/** Addresses that a connection to ends at home. */
const toOneself: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

function arrived(net: Place["net"], { source, destination: address, port }: Packet, { hops }: Trip): Ended {
  return { net, address, port, source, hops: [...hops] };
}

function hop(trip: Trip, address: string | undefined): void {
  if (address !== undefined && trip.hops.at(-1) !== address) trip.hops.push(address);
}

/** Why a pod's policies drop a packet. */
function refusal(
  node: Machine,
  direction: "ingress" | "egress",
  pod: string,
  peer: string,
  { port, protocol }: Packet,
  ownHost: boolean,
): string | undefined {
  const rules = node.parts.get(POLICY_RULES) as PolicyRules | undefined;
  return rules?.refuses({ direction, pod, peer, port, protocol, ownHost });
}
