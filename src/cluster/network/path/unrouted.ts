import type { Unanswered } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";
import { type Packet, timeout, unreachable } from "./define.ts";
import { hostAddress, hostNetworkOf, lies, type Places, podNetworkOf } from "./places.ts";

/** What becomes of a packet to an address that nobody has, by the routes of the node that it is at. */
export function unrouted(places: Places, node: Machine, packet: Packet, known: string | undefined): Unanswered {
  const { destination } = packet;
  const own = podNetworkOf(node);
  const holder = places.nodeOfRange(destination);
  if (holder && own && (holder === node || podNetworkOf(holder))) {
    const nobody = `no pod has the address ${destination} (it would be on ${holder.name})`;
    if (holder !== node && !places.isOn(holder)) return timeout(nobody);
    // On flannel's bridge nobody answers the question for the address; Calico's and Cilium's routes swallow it.
    return own.plugin === "flannel" ? unreachable(nobody) : timeout(nobody);
  }
  const address = hostAddress(node, destination);
  if (address !== undefined && lies(destination, hostNetworkOf(address)))
    return unreachable(`no host has the address ${destination}${known ? ` (${known})` : ""}`);
  if (known && packet.protocol === "ICMP") return timeout(`${destination} is ${known}: it answers at its ports alone`);
  if (known) return timeout(`${destination} is ${known}, which has no port ${packet.port}/${packet.protocol}`);
  return timeout(`nothing answers at ${destination}`);
}
