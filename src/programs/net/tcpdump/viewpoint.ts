import { linksOf, wayTo } from "../../../cluster/network/links/links.ts";
import type { Attempt } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";

/** How a connection looks from a machine: its ends there, and the link that its packets pass. */
export interface Viewed {
  readonly source: string;
  readonly target: string;
  readonly port: number;
  readonly link: string;
  /** Whether its first packet leaves the machine. */
  readonly isOut: boolean;
}

const isLoopback = (address: string) => address.startsWith("127.") || address === "::1";

/** How an attempt to connect looks from a machine; undefined where no packet of it comes by. */
export function viewOf(machine: Machine, { from, address, port, ended }: Attempt): Viewed | undefined {
  const host = machine.host ?? machine;
  const onHost = machine.net === host.net;
  const end = "listener" in ended ? ended : undefined;
  const far = end?.listener.proc.machine;
  const final = { address: end?.address ?? address, port: end?.listener.port ?? port };
  if (from.net === machine.net) {
    // A pod asks for the service's address; a host's own kernel has put the pod's in its place already.
    const target = onHost ? final : { address, port };
    const way = wayTo(machine, target.address);
    if (!way) return undefined;
    if (isLoopback(address) || way.local)
      return { source: target.address, target: target.address, port: target.port, link: "lo", isOut: true };
    return {
      source: way.source,
      target: target.address,
      port: target.port,
      link: way.route.dev ?? "eth0",
      isOut: true,
    };
  }
  const isHere = far ? far.net === machine.net : machine.net.addresses.includes(address);
  const source = end?.source ?? wayTo(from, address)?.source ?? from.net.addresses[0] ?? "";
  if (isHere) {
    const link = onHost ? (wayTo(machine, source)?.route.dev ?? "eth0") : "eth0";
    return { source, target: final.address, port: final.port, link, isOut: false };
  }
  if (!onHost) return undefined;
  const isFromPod = (from.host ?? from) === host;
  const isToPod = far !== undefined && far.host === host;
  if (!isFromPod && !isToPod) return undefined;
  const pod = isFromPod ? (from.net.addresses[0] ?? "") : final.address;
  const bridge = wayTo(host, pod)?.route.dev ?? linksOf(host)[0]?.name ?? "";
  return { source, target: final.address, port: final.port, link: bridge, isOut: !isFromPod };
}
