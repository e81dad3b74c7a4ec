import { cidrContains, type Ip, ipVersion, parseCidr, parseIp } from "../../../base/cidr.ts";
import type { NetworkNamespace, Unanswered } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";
import { POD_NETWORK, type PodNetwork } from "../define.ts";
import { cardMac, hostAddress, rangeEnds } from "./addresses.ts";
import { calicoLinks } from "./calico.ts";
import { ciliumLinks } from "./cilium.ts";
import { loopback, virtualLink } from "./common.ts";
import type { Link, Neighbour, NetworkRoute, NodePlace, PodLinks, PodPlace } from "./define.ts";
import { flannelLinks, kernelRoute } from "./flannel.ts";
import { cutBetween, hasLinkState, isDown, isGone, type WayEnd } from "./link-state.ts";
import { serviceLink } from "./service-link.ts";

const plugins: Readonly<Record<PodNetwork["plugin"], PodLinks>> = {
  flannel: flannelLinks,
  calico: calicoLinks,
  cilium: ciliumLinks,
};

/** What is read of the container runtime on a node: the pods' sandboxes. */
interface Sandboxes {
  readonly sandboxes: ReadonlyMap<
    string,
    {
      readonly id: string;
      readonly namespace: string;
      readonly name: string;
      readonly net: NetworkNamespace;
      readonly hostNetwork: boolean;
    }
  >;
}

function sandboxesOf(host: Machine): readonly (PodPlace & { readonly net: NetworkNamespace })[] {
  const runtime = host.parts.get("containerd") as Sandboxes | undefined;
  return [...(runtime?.sandboxes.values() ?? [])]
    .filter((one) => !one.hostNetwork)
    .map(({ id, namespace, name, net }) => ({ sandbox: id, namespace, name, net, addresses: net.addresses }));
}

function placeOf(host: Machine): NodePlace {
  return {
    host,
    addresses: [...host.net.addresses].sort((a, b) => ipVersion(a) - ipVersion(b)),
    network: host.parts.get(POD_NETWORK) as PodNetwork | undefined,
    pods: sandboxesOf(host),
    others: () => (host.network.hosts?.() ?? []).filter((other) => other !== host).map(placeOf),
  };
}

/** Where a machine's network is: a host's own, or that of a pod on it. */
function seenFrom(machine: Machine): { readonly node: NodePlace; readonly pod: PodPlace | undefined } {
  const node = placeOf(machine.host ?? machine);
  if (machine.net === node.host.net) return { node, pod: undefined };
  const known = sandboxesOf(node.host).find(({ net }) => net === machine.net);
  const { addresses } = machine.net;
  return { node, pod: known ?? { sandbox: addresses.join(), namespace: "", name: machine.name, addresses } };
}

function pluginOf({ network }: NodePlace): PodLinks {
  return plugins[network?.plugin ?? "flannel"];
}

/** The network interfaces that a host or container has, in the order of their numbers. */
export function linksOf(machine: Machine): readonly Link[] {
  const { node, pod } = seenFrom(machine);
  const plugin = pluginOf(node);
  if (pod) return [loopback, ...plugin.inPod(node, pod)];
  const card = virtualLink(
    { index: 2, name: "eth0", mac: cardMac(node.host.name), mtu: 1500, qdisc: "fq_codel" },
    node.addresses.map(hostAddress),
  );
  const own = [loopback, card, ...plugin.onNode(node)];
  const services = serviceLink(node.host, Math.max(...own.map(({ index }) => index)) + 1);
  const all = [...own, ...(services ? [services] : [])].sort((a, b) => a.index - b.index);
  return hasLinkState(node.host) ? all.map((link) => (isDown(node.host, link.name) ? setDown(link) : link)) : all;
}

/** A link that somebody has set down: its link-local address is gone until it is up again. */
function setDown(link: Link): Link {
  return {
    ...link,
    flags: link.flags.filter((flag) => flag !== "UP" && flag !== "LOWER_UP"),
    state: "DOWN",
    addresses: link.addresses.filter(({ scope }) => scope !== "link"),
  };
}

/** Why packets between a machine and an address of a host or pod are lost on a link that is down. */
export function cutLink(
  from: Machine,
  to: { readonly node: Machine; readonly net: NetworkNamespace },
): Unanswered | undefined {
  const own = from.host ?? from;
  if (from.net === to.net || (!hasLinkState(own) && !hasLinkState(to.node))) return undefined;
  return cutBetween(endOf(own, from.net), endOf(to.node, to.net));
}

function endOf(host: Machine, net: NetworkNamespace): WayEnd {
  const place = placeOf(host);
  const plugin = pluginOf(place);
  const networks = (place.network?.cidrs ?? []).map((range) => rangeEnds(range).text);
  const pod = sandboxesOf(host).find((one) => one.net === net);
  return { node: host, pod: pod ? plugin.towards(pod) : [], tunnel: plugin.tunnel, networks };
}

/** The router of the hosts' network: the first address of it. */
function gatewayOf(address: string): string {
  const { prefix } = hostAddress(address);
  return rangeEnds(`${address}/${prefix}`).second;
}

/** The main routing table of a host or container, in the order of the kernel. */
export function routesOf(machine: Machine): readonly NetworkRoute[] {
  const { node, pod } = seenFrom(machine);
  const plugin = pluginOf(node);
  const own = pod
    ? plugin.podRoutes(node, pod)
    : [
        ...node.addresses.flatMap((address): NetworkRoute[] => {
          const family = ipVersion(address);
          const metric = family === 6 ? { metric: 1024 } : {};
          return [
            { to: "default", family, via: gatewayOf(address), dev: "eth0", ...metric },
            kernelRoute(`${address}/${hostAddress(address).prefix}`, "eth0", address),
          ];
        }),
        ...plugin.nodeRoutes(node),
      ];
  const links = linksOf(machine);
  const isUp = (name: string | undefined) => links.find((link) => link.name === name)?.flags.includes("UP") ?? true;
  const local = links
    .filter(({ addresses }) => addresses.some(({ scope }) => scope === "link"))
    .map(({ name }): NetworkRoute => ({ to: "fe80::/64", family: 6, dev: name, protocol: "kernel", metric: 256 }));
  return [...own.filter(({ dev, to }) => isUp(dev) && (pod !== undefined || !isGone(node.host, to))), ...local].sort(
    inOrder,
  );
}

/** The kernel's table of IPv4 goes up from 0.0.0.0; that of IPv6 has the default at its end. */
function inOrder(a: NetworkRoute, b: NetworkRoute): number {
  if (a.family !== b.family) return a.family - b.family;
  const [first, second] = [rangeOf(a), rangeOf(b)];
  if (a.family === 6 && (a.to === "default") !== (b.to === "default")) return a.to === "default" ? 1 : -1;
  const [x, y] = [BigInt(first.first.bits), BigInt(second.first.bits)];
  return x < y ? -1 : x > y ? 1 : first.prefix - second.prefix;
}

function rangeOf({ to, family }: NetworkRoute) {
  if (to === "default") return parseCidr(family === 6 ? "::/0" : "0.0.0.0/0");
  return parseCidr(to.includes("/") ? to : `${to}/${family === 6 ? 128 : 32}`);
}

/** The neighbours that a host or container knows of. */
export function neighboursOf(machine: Machine): readonly Neighbour[] {
  const { node, pod } = seenFrom(machine);
  const plugin = pluginOf(node);
  if (pod) return plugin.podNeighbours(node, pod);
  const [own = ""] = node.addresses;
  const hosts = node.others().flatMap((other): Neighbour[] =>
    other.addresses.map((address) => ({
      address,
      dev: "eth0",
      mac: cardMac(other.host.name),
      state: "REACHABLE",
    })),
  );
  const gateway: Neighbour = { address: gatewayOf(own), dev: "eth0", mac: cardMac("gateway"), state: "STALE" };
  const isHost = hosts.some(({ address }) => address === gateway.address);
  return [...(isHost ? [] : [gateway]), ...hosts, ...plugin.nodeNeighbours(node)];
}

/** The route with the longest prefix. */
function routeFor(machine: Machine, ip: Ip): NetworkRoute | undefined {
  const fitting = routesOf(machine).filter((route) => route.family === ip.version && cidrContains(rangeOf(route), ip));
  return fitting.reduce<NetworkRoute | undefined>(
    (best, one) => (best && rangeOf(best).prefix >= rangeOf(one).prefix ? best : one),
    undefined,
  );
}

/** Whether a route drops what goes to an address. */
export function isDropped(machine: Machine, address: string): boolean {
  const ip = parseIp(address);
  return ip !== undefined && routeFor(machine, ip)?.blackhole === true;
}

/** The way that packets to an address take: undefined where there is none. */
export interface Way {
  /** One of the machine's own addresses. */
  readonly local: boolean;
  readonly route: NetworkRoute;
  readonly source: string;
}

/** The route for an address: that of the longest prefix. */
export function wayTo(machine: Machine, address: string): Way | undefined {
  const ip = parseIp(address);
  if (!ip) return undefined;
  const links = linksOf(machine);
  const own = links.flatMap((link) => link.addresses);
  const isOwn = own.some((one) => one.address === address) || address.startsWith("127.");
  if (isOwn) return { local: true, route: { to: address, family: ip.version, dev: "lo" }, source: address };
  const route = routeFor(machine, ip);
  if (!route || route.blackhole) return undefined;
  const card = links.find(({ name }) => name === route.dev);
  const on = [...(card?.addresses ?? []), ...own].filter(
    (one) => one.scope === "global" && ipVersion(one.address) === ip.version,
  );
  const source = route.source ?? on[0]?.address ?? "";
  return { local: false, route, source };
}
