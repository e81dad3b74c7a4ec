import { ipVersion } from "../../../base/cidr.ts";
import { hexOf, macOf, namespaceName, placeIn, ranged, rangeEnds } from "./addresses.ts";
import { virtualLink } from "./common.ts";
import type { Link, Neighbour, NetworkRoute, NodePlace, PodLinks, PodPlace } from "./define.ts";

/** What VXLAN takes of a packet's 1500 bytes: routes say it, links do not. */
const TUNNEL_MTU = 1450;

const ranges = ({ network }: NodePlace) => network?.cidrs ?? [];
const podMac = ({ sandbox }: PodPlace) => macOf(`${sandbox} eth0`);
const nearMac = ({ sandbox }: PodPlace) => macOf(`${sandbox} lxc`);
const linkName = ({ sandbox }: PodPlace) => `lxc${hexOf(`${sandbox} name`).slice(0, 12)}`;

/** The node's own address within its range (cilium_host). */
function router(node: NodePlace, family: 4 | 6): string {
  const given = node.network?.towardsPods?.find((address) => ipVersion(address) === family);
  if (given !== undefined) return given;
  const range = ranges(node).find((one) => ipVersion(one) === family);
  return range === undefined ? "" : rangeEnds(range).second;
}

/** Both ends of a pod's link are made on the node: the pod's has the number before. */
function podIndex(node: NodePlace, { addresses }: PodPlace): number {
  return 7 + 2 * placeIn(ranges(node), addresses[0] ?? "");
}

function onNode(node: NodePlace): readonly Link[] {
  if (!node.network) return [];
  const { name } = node.host;
  const own = ranges(node).map((range) => ranged(router(node, ipVersion(range)), ipVersion(range) === 4 ? 32 : 128));
  const link = (index: number, title: string, more: Partial<Link> = {}, addresses: Link["addresses"] = []) =>
    virtualLink({ index, name: title, mac: macOf(`${name} ${title}`), mtu: 1500, ...more }, addresses);
  return [
    link(3, "cilium_net", { kind: "veth", peer: { index: 4, name: "cilium_host" } }),
    link(4, "cilium_host", { kind: "veth", peer: { index: 3, name: "cilium_net" } }, own),
    link(5, "cilium_vxlan", { kind: "vxlan", state: "UNKNOWN" }),
    link(7, "lxc_health", { kind: "veth", peer: { index: 6, namespace: "cilium-health" } }),
    ...node.pods.map((pod) =>
      link(podIndex(node, pod), linkName(pod), {
        kind: "veth",
        peer: { index: podIndex(node, pod) - 1, namespace: namespaceName(pod.sandbox) },
        mac: nearMac(pod),
      }),
    ),
  ];
}

function nodeRoutes(node: NodePlace): readonly NetworkRoute[] {
  if (!node.network) return [];
  const own = ranges(node).flatMap((range): NetworkRoute[] => {
    const to = rangeEnds(range).text;
    const family = ipVersion(range);
    const via = router(node, family);
    const common = { family, dev: "cilium_host", protocol: "kernel" } as const;
    if (family === 6) return [{ to, via, ...common, metric: 1024 }];
    return [
      { to, via, ...common, source: via },
      { to: via, ...common, link: true },
    ];
  });
  const far = node.others().flatMap((other) =>
    ranges(other).map((range): NetworkRoute => {
      const family = ipVersion(range);
      const via = router(node, family);
      const to = rangeEnds(range).text;
      const more = family === 6 ? { metric: 1024 } : { source: via };
      return { to, family, via, dev: "cilium_host", protocol: "kernel", ...more, mtu: TUNNEL_MTU };
    }),
  );
  return [...own, ...far];
}

function inPod(node: NodePlace, pod: PodPlace): readonly Link[] {
  const index = podIndex(node, pod);
  const addresses = pod.addresses.map((address) => ranged(address, ipVersion(address) === 4 ? 32 : 128));
  const given = { index: index - 1, name: "eth0", kind: "veth", peer: { index }, mac: podMac(pod), mtu: 1500 } as const;
  return [virtualLink(given, addresses)];
}

function podRoutes(node: NodePlace, { addresses }: PodPlace): readonly NetworkRoute[] {
  return addresses.flatMap((address): NetworkRoute[] => {
    const family = ipVersion(address);
    const via = router(node, family);
    const metric = family === 6 ? { metric: 1024 } : {};
    return [
      { to: "default", family, via, dev: "eth0", ...metric, mtu: TUNNEL_MTU },
      { to: via, family, dev: "eth0", ...metric, ...(family === 4 ? { link: true as const } : {}) },
    ];
  });
}

function podNeighbours(node: NodePlace, pod: PodPlace): readonly Neighbour[] {
  return [{ address: router(node, 4), dev: "eth0", mac: nearMac(pod), state: "REACHABLE" }];
}

/** Cilium with VXLAN: its programs carry packets between the links, so there is a route for each node and none for pods. */
export const ciliumLinks: PodLinks = {
  tunnel: "cilium_vxlan",
  towards: (pod) => [linkName(pod)],
  onNode,
  nodeRoutes,
  nodeNeighbours: () => [],
  inPod,
  podRoutes,
  podNeighbours,
};
