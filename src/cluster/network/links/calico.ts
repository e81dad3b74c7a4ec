import { ipVersion } from "../../../base/cidr.ts";
import { hexOf, linkLocal, macOf, namespaceName, placeIn, ranged, rangeEnds } from "./addresses.ts";
import { virtualLink } from "./common.ts";
import type { Link, LinkAddress, Neighbour, NetworkRoute, NodePlace, PodLinks, PodPlace } from "./define.ts";

/** What IP in IP takes of a packet's 1500 bytes. */
const MTU = 1480;
/** The hardware address of all links of pods on the node's side, and the gateway that pods are told of (felix). */
const POD_MAC = "ee:ee:ee:ee:ee:ee";
const GATEWAY = "169.254.1.1";
/** In a pod's network, where the kernel has put a tunl0 of its own before. */
const POD_INDEX = 3;

const blocks = ({ network }: NodePlace) => network?.cidrs ?? [];
const podMac = ({ sandbox }: PodPlace) => macOf(`${sandbox} eth0`);

/** cali and eleven digits of the SHA-1 of namespace.name (libcalico-go VethNameForWorkload). */
function linkName({ namespace, name }: PodPlace): string {
  return `cali${hexOf(`${namespace}.${name}`).slice(0, 11)}`;
}

function podIndex(node: NodePlace, { addresses }: PodPlace): number {
  return 4 + placeIn(blocks(node), addresses[0] ?? "");
}

/** The tunnel of IP in IP; without addresses as it lies idle in every network of its own. */
function tunnel(index: number, addresses?: readonly LinkAddress[]): Link {
  return {
    index,
    name: "tunl0",
    peer: { index: 0, name: "NONE" },
    type: "ipip",
    kind: "ipip",
    mac: "0.0.0.0",
    broadcast: "0.0.0.0",
    flags: addresses ? ["NOARP", "UP", "LOWER_UP"] : ["NOARP"],
    mtu: MTU,
    qdisc: addresses ? "noqueue" : "noop",
    state: addresses ? "UNKNOWN" : "DOWN",
    queue: 1000,
    addresses: addresses ?? [],
  };
}

/** The node's own address in its block, at the tunnel. */
function tunnelAddresses(node: NodePlace): readonly string[] {
  const given = node.network?.towardsNodes;
  const all = given ?? blocks(node).map((block) => rangeEnds(block).first);
  return all.filter((address) => ipVersion(address) === 4);
}

function onNode(node: NodePlace): readonly Link[] {
  if (!node.network) return [];
  const pods = node.pods.map((pod) =>
    virtualLink({
      index: podIndex(node, pod),
      name: linkName(pod),
      kind: "veth",
      peer: { index: POD_INDEX, namespace: namespaceName(pod.sandbox) },
      mac: POD_MAC,
      mtu: MTU,
    }),
  );
  const own = tunnelAddresses(node).map((address) => ranged(address, 32));
  return [tunnel(3, own), ...pods];
}

function nodeRoutes(node: NodePlace): readonly NetworkRoute[] {
  const own = blocks(node).map((block): NetworkRoute => {
    const family = ipVersion(block);
    const six = family === 6 ? { dev: "lo", metric: 1024 } : {};
    return { to: rangeEnds(block).text, family, blackhole: true, protocol: "bird", ...six };
  });
  const pods = node.pods.flatMap((pod) =>
    pod.addresses.map((address): NetworkRoute => {
      const family = ipVersion(address);
      if (family === 6) return { to: address, family, dev: linkName(pod), metric: 1024 };
      return { to: address, family, dev: linkName(pod), link: true };
    }),
  );
  const far = node.others().flatMap((other) =>
    blocks(other).flatMap((block): NetworkRoute[] => {
      const family = ipVersion(block);
      const via = other.addresses.find((address) => ipVersion(address) === family);
      if (via === undefined) return [];
      const how =
        family === 4
          ? ({ dev: "tunl0", protocol: "bird", onlink: true } as const)
          : ({ dev: "eth0", protocol: "bird", metric: 1024 } as const);
      return [{ to: rangeEnds(block).text, family, via, ...how }];
    }),
  );
  return [...own, ...pods, ...far];
}

function nodeNeighbours(node: NodePlace): readonly Neighbour[] {
  return node.pods.flatMap((pod) =>
    pod.addresses.map((address): Neighbour => ({ address, dev: linkName(pod), mac: podMac(pod), state: "REACHABLE" })),
  );
}

function inPod(node: NodePlace, pod: PodPlace): readonly Link[] {
  const addresses = pod.addresses.map((address) => ranged(address, ipVersion(address) === 4 ? 32 : 128));
  const peer = { index: podIndex(node, pod) };
  const given = { index: POD_INDEX, name: "eth0", kind: "veth", peer, mac: podMac(pod), mtu: MTU } as const;
  return [tunnel(2), virtualLink(given, addresses)];
}

function podRoutes(_node: NodePlace, { addresses }: PodPlace): readonly NetworkRoute[] {
  const gateway6 = linkLocal(POD_MAC).address;
  return addresses.flatMap((address): NetworkRoute[] =>
    ipVersion(address) === 4
      ? [
          { to: "default", family: 4, via: GATEWAY, dev: "eth0" },
          { to: GATEWAY, family: 4, dev: "eth0", link: true },
        ]
      : [
          { to: "default", family: 6, via: gateway6, dev: "eth0", metric: 1024 },
          { to: address, family: 6, dev: "eth0", protocol: "kernel", metric: 256 },
        ],
  );
}

function podNeighbours(node: NodePlace): readonly Neighbour[] {
  const hosts = node.addresses.filter((address) => ipVersion(address) === 4);
  return [GATEWAY, ...hosts].map((address) => ({ address, dev: "eth0", mac: POD_MAC, state: "REACHABLE" }));
}

/** Calico with BIRD and IP in IP: a route for each pod, blocks of addresses, and a tunnel to the blocks of other nodes. */
export const calicoLinks: PodLinks = {
  tunnel: "tunl0",
  towards: (pod) => [linkName(pod)],
  onNode,
  nodeRoutes,
  nodeNeighbours,
  inPod,
  podRoutes,
  podNeighbours,
};
