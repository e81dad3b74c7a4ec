import type { Micros } from "../../../base/clock.ts";
import type { Unanswered } from "../../../machine/define-network.ts";
import type { Machine } from "../../../machine/machine.ts";
import { POD_NETWORK, type PodNetwork } from "../define.ts";

/** Under this name a host keeps which of its links somebody has set down: the machine's part is a LinkState. */
const LINK_STATE = "link-state";

/** When a link was set down, and what the pod network was then: who sets that up anew sets its links up, too. */
type LinkState = Map<string, { readonly at: Micros; readonly network: PodNetwork | undefined }>;

/** What is read of the container runtime: when its sandboxes were made. */
interface Sandboxes {
  readonly sandboxes: ReadonlyMap<string, { readonly created: Micros; readonly hostNetwork: boolean }>;
}

/** `ip link set NAME up` and `down`, on a host. */
export function setLink(host: Machine, name: string, state: "up" | "down"): void {
  let links = host.parts.get(LINK_STATE) as LinkState | undefined;
  if (!links) {
    links = new Map();
    host.parts.set(LINK_STATE, links);
  }
  if (state === "up") links.delete(name);
  else links.set(name, { at: host.kernel.clock.now, network: host.parts.get(POD_NETWORK) as PodNetwork | undefined });
}

/** Whether a link of a host is down. */
export function isDown(host: Machine, name: string): boolean {
  const entry = (host.parts.get(LINK_STATE) as LinkState | undefined)?.get(name);
  if (!entry) return false;
  // flanneld sets its tunnel up when it starts, the plugin bridge its bridge with each pod.
  if (name.startsWith("flannel")) return host.parts.get(POD_NETWORK) === entry.network;
  if (name !== "cni0") return true;
  const runtime = host.parts.get("containerd") as Sandboxes | undefined;
  return ![...(runtime?.sandboxes.values() ?? [])].some(
    ({ created, hostNetwork }) => !hostNetwork && created > entry.at,
  );
}

/** Under this name a host keeps the routes that somebody has taken away, by their networks: a RouteState. */
const ROUTE_STATE = "route-state";
type RouteState = Map<string, PodNetwork | undefined>;

/** `ip route del NETWORK`, and `ip route add` of what was taken away before. */
export function setRoute(host: Machine, network: string, state: "there" | "gone"): void {
  let routes = host.parts.get(ROUTE_STATE) as RouteState | undefined;
  if (!routes) {
    routes = new Map();
    host.parts.set(ROUTE_STATE, routes);
  }
  if (state === "there") routes.delete(network);
  else routes.set(network, host.parts.get(POD_NETWORK) as PodNetwork | undefined);
}

/** Whether somebody has taken a route away that nobody has laid since: a CNI's agent lays its own when it starts. */
export function isGone(host: Machine, network: string): boolean {
  const routes = host.parts.get(ROUTE_STATE) as RouteState | undefined;
  if (!routes?.has(network)) return false;
  return network === "default" || host.parts.get(POD_NETWORK) === routes.get(network);
}

/** Whether anybody has set a link of a host down or taken a route away. */
export function hasLinkState(host: Machine): boolean {
  return host.parts.has(LINK_STATE) || host.parts.has(ROUTE_STATE);
}

/** The ends of a way between hosts or pods: the links that each passes on its node. */
export interface WayEnd {
  readonly node: Machine;
  /** The links towards a pod; none for a host. */
  readonly pod: readonly string[];
  /** The tunnel to pods of other nodes. */
  readonly tunnel: string;
  /** The networks of the node's pods, as other nodes' routes have them. */
  readonly networks: readonly string[];
}

/** Why a packet does not arrive because of a link that is down; undefined where all are up. */
export function cutBetween(from: WayEnd, to: WayEnd): Unanswered | undefined {
  const down = (node: Machine, names: readonly string[]) => names.find((name) => isDown(node, name));
  const because = (node: Machine, name: string) => `${name} of ${node.name} is down`;
  const near = down(from.node, from.pod);
  if (near !== undefined) return { failed: "unreachable", because: because(from.node, near) };
  if (from.node !== to.node) {
    for (const { node } of [from, to])
      if (isDown(node, "eth0")) return { failed: "unreachable", because: because(node, "eth0") };
    const tunneled = to.pod.length > 0;
    for (const { node, tunnel } of [from, to])
      if (tunneled && isDown(node, tunnel)) return { failed: "timeout", because: because(node, tunnel) };
  }
  const lost = from.node === to.node ? undefined : (lostRoute(from, to) ?? lostRoute(to, from));
  if (lost) return lost;
  const far = down(to.node, to.pod);
  if (far === undefined) return undefined;
  return { failed: from.node === to.node ? "unreachable" : "timeout", because: because(to.node, far) };
}

/** Packets for pods of another node go to the router of the hosts, which knows nothing of them. */
function lostRoute(from: WayEnd, to: WayEnd): Unanswered | undefined {
  if (to.pod.length === 0 && from.pod.length === 0) return undefined;
  const gone = to.networks.find((network) => isGone(from.node, network));
  return gone === undefined ? undefined : { failed: "timeout", because: `${from.node.name} has no route to ${gone}` };
}
