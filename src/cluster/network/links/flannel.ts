import { ipVersion } from "../../../base/cidr.ts";
import { root } from "../../../machine/define-files.ts";
import { hexOf, macOf, namespaceName, placeIn, prefixOf, ranged, rangeEnds } from "./addresses.ts";
import { virtualLink } from "./common.ts";
import type { Link, Neighbour, NetworkRoute, NodePlace, PodLinks, PodPlace } from "./define.ts";

/** What VXLAN takes of a packet's 1500 bytes. */
const MTU = 1450;
const ranges = ({ network }: NodePlace) => network?.cidrs ?? [];
/** There is a tunnel for each family. */
const tunnelName = (like: string) => (ipVersion(like) === 4 ? "flannel.1" : "flannel-v6.1");
const tunnelMac = ({ host }: NodePlace, like: string) => macOf(`${host.name} ${tunnelName(like)}`);
/** The bridge's number; those of the pods' links follow. */
const bridgeIndex = (node: NodePlace) => 3 + Math.max(1, ranges(node).length);
const bridgeMac = ({ host }: NodePlace) => macOf(`${host.name} cni0`);
const podMac = ({ sandbox }: PodPlace) => macOf(`${sandbox} eth0`);

/** The name of a pod's port at the bridge. */
const portName = ({ sandbox }: PodPlace) => `veth${hexOf(`${sandbox} name`).slice(0, 8)}`;

/** The number of a pod's link on its node: host-local gives addresses out in the order of the pods. */
function podIndex(node: NodePlace, pod: PodPlace): number {
  return bridgeIndex(node) - 1 + placeIn(ranges(node), pod.addresses[0] ?? "");
}

function onNode(node: NodePlace): readonly Link[] {
  if (!node.network) return [];
  const tunnels = ranges(node).map((range, i) => {
    const mac = tunnelMac(node, range);
    const given = {
      index: 3 + i,
      name: tunnelName(range),
      kind: "vxlan",
      mac,
      mtu: MTU,
      state: "UNKNOWN",
      queue: 0,
    } as const;
    return virtualLink(given, [ranged(rangeEnds(range).first, ipVersion(range) === 4 ? 32 : 128)]);
  });
  if (node.pods.length === 0) return tunnels;
  const bridge = virtualLink(
    { index: bridgeIndex(node), name: "cni0", kind: "bridge", mac: bridgeMac(node), mtu: MTU },
    ranges(node).map((range) => ranged(rangeEnds(range).second, prefixOf(range))),
  );
  const ports = node.pods.map((pod) =>
    virtualLink({
      index: podIndex(node, pod),
      name: portName(pod),
      kind: "veth",
      peer: { index: 2, namespace: namespaceName(pod.sandbox) },
      mac: macOf(`${pod.sandbox} veth`),
      mtu: MTU,
      master: "cni0",
    }),
  );
  return [...tunnels, bridge, ...ports];
}

function nodeRoutes(node: NodePlace): readonly NetworkRoute[] {
  if (!node.network) return [];
  const own =
    node.pods.length === 0 ? [] : ranges(node).map((range) => kernelRoute(range, "cni0", rangeEnds(range).second));
  const far = node.others().flatMap((other) =>
    ranges(other).map((range): NetworkRoute => {
      const { text, first } = rangeEnds(range);
      const family = ipVersion(text);
      const metric = family === 6 ? { metric: 1024 } : {};
      return { to: text, family, via: first, dev: tunnelName(text), ...metric, onlink: true };
    }),
  );
  return [...own, ...far];
}

/** What the kernel writes itself for an address with a network. */
export function kernelRoute(range: string, dev: string, source: string): NetworkRoute {
  const { text } = rangeEnds(range);
  if (ipVersion(text) === 6) return { to: text, family: 6, dev, protocol: "kernel", metric: 256 };
  return { to: text, family: 4, dev, protocol: "kernel", link: true, source };
}

function nodeNeighbours(node: NodePlace): readonly Neighbour[] {
  if (!node.network) return [];
  const far = node.others().flatMap((other) =>
    ranges(other).map((range): Neighbour => {
      const mac = tunnelMac(other, range);
      return { address: rangeEnds(range).first, dev: tunnelName(range), mac, state: "PERMANENT" };
    }),
  );
  const pods = node.pods.flatMap((pod) =>
    pod.addresses.map((address): Neighbour => ({ address, dev: "cni0", mac: podMac(pod), state: "REACHABLE" })),
  );
  return [...pods, ...far];
}

function inPod(node: NodePlace, pod: PodPlace): readonly Link[] {
  const addresses = pod.addresses.map((address) =>
    ranged(address, prefixOf(rangeOf(node, address) ?? `${address}/24`)),
  );
  const peer = { index: podIndex(node, pod) };
  return [virtualLink({ index: 2, name: "eth0", kind: "veth", peer, mac: podMac(pod), mtu: MTU }, addresses)];
}

function rangeOf(node: NodePlace, address: string): string | undefined {
  return ranges(node).find((range) => ipVersion(range) === ipVersion(address));
}

function podRoutes(node: NodePlace, pod: PodPlace): readonly NetworkRoute[] {
  return pod.addresses.flatMap((address): NetworkRoute[] => {
    const range = rangeOf(node, address);
    if (range === undefined) return [];
    const { second } = rangeEnds(range);
    const family = ipVersion(address);
    const all = wholeNetwork(node, family);
    return [
      { to: "default", family, via: second, dev: "eth0", ...(family === 6 ? { metric: 1024 } : {}) },
      ...(all ? [{ to: all, family, via: second, dev: "eth0", ...(family === 6 ? { metric: 1024 } : {}) }] : []),
      kernelRoute(range, "eth0", address),
    ];
  });
}

/** The range of all pods of the cluster, as flanneld wrote it for its plugin. */
function wholeNetwork({ host }: NodePlace, family: 4 | 6): string | undefined {
  const path = "/run/flannel/subnet.env";
  if (!host.files.find(path, root)) return undefined;
  const name = family === 6 ? "FLANNEL_IPV6_NETWORK" : "FLANNEL_NETWORK";
  const text = host.files.read(path, root);
  return text
    .split("\n")
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function podNeighbours(node: NodePlace, { addresses }: PodPlace): readonly Neighbour[] {
  return addresses.flatMap((address): Neighbour[] => {
    const range = rangeOf(node, address);
    if (range === undefined) return [];
    return [{ address: rangeEnds(range).second, dev: "eth0", mac: bridgeMac(node), state: "REACHABLE" }];
  });
}

/** flannel with VXLAN: a bridge for the node's pods, a tunnel to those of other nodes. */
export const flannelLinks: PodLinks = {
  tunnel: "flannel.1",
  towards: (pod) => ["cni0", portName(pod)],
  onNode,
  nodeRoutes,
  nodeNeighbours,
  inPod,
  podRoutes,
  podNeighbours,
};
