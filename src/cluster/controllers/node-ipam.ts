import { type Cidr, cidrContains, cidrsOverlap, cidrText, nthSubnet, parseCidr } from "../../base/cidr.ts";
import { FormatError } from "../../base/format-error.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Controller, Sentence } from "./define.ts";

/** Gives every node a part of --cluster-cidr for its pods (kubernetes pkg/controller/nodeipam, RangeAllocator, 1.35). */
export const nodeIpam: Controller = {
  name: "node-ipam-controller",
  account: "node-controller",
  source: "cidrAllocator",
  begin(_api, { flags }) {
    const networks = networksOf(flags);
    if (typeof networks === "string" || networks.length === 0) return [];
    const sentence: Sentence<Node> = {
      for: "nodes",
      concerns(node, old, type) {
        for (const text of podCidrs(node)) for (const parts of networks) parts.note(text, type === "DELETED");
        return type === "ADDED" || (type === "MODIFIED" && podCidrs(node).length === 0 && node.spec !== old?.spec);
      },
      reconcile(api, node) {
        if (!node || node.metadata.deletionTimestamp || podCidrs(node).length > 0) return undefined;
        const podCIDRs = networks.map((parts) => parts.next());
        if (podCIDRs.some((text) => text === undefined)) {
          const message = `Node ${node.metadata.name} status is now: CIDRNotAvailable`;
          api.event(node, { type: "Normal", reason: "CIDRNotAvailable", message });
          return { againIn: 30 };
        }
        const taken = podCIDRs.filter((text) => text !== undefined);
        for (const [place, text] of taken.entries()) networks[place]?.note(text, false);
        api.modify<Node>(node, (now) => ({ ...now, spec: { ...now.spec, podCIDR: taken[0] ?? "", podCIDRs: taken } }));
        return undefined;
      },
    };
    return [sentence];
  },
};

type Flags = Readonly<Record<string, string | undefined>>;

/** The networks that nodes get parts of; or what is wrong with their flag. */
function networksOf(flags: Flags): readonly Parts[] | string {
  if (flags["allocate-node-cidrs"] !== "true") return [];
  const networks: Parts[] = [];
  const texts = (flags["cluster-cidr"] ?? "").split(",").filter((text) => text !== "");
  for (const [place, text] of texts.entries()) {
    const network = parsed(text);
    if (typeof network === "string") return `invalid CIDR[${place}]: <nil> (${network})`;
    const parts = new Parts(network, flags);
    if (parts.tooSmall)
      return "Controller: Invalid --cluster-cidr, mask size of cluster CIDR must be less than or equal to --node-cidr-mask-size configured for CIDR family";
    networks.push(parts);
  }
  return networks;
}

function parsed(text: string): Cidr | string {
  try {
    return parseCidr(text.trim());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

/** Why the manager cannot start giving parts of --cluster-cidr to nodes: the flag, or a node that has another range already. */
export function nodeRangeProblem(flags: Flags, nodes: () => readonly Node[]): string | undefined {
  const networks = networksOf(flags);
  if (typeof networks === "string") return networks;
  if (networks.length === 0) return undefined;
  for (const node of nodes())
    for (const [place, text] of podCidrs(node).entries()) {
      const why = networks[place]?.outside(text);
      if (why !== undefined)
        return `failed to mark cidr[${text}] at idx [${place}] as occupied for node: ${node.metadata.name}: ${why}`;
    }
  return undefined;
}

function podCidrs({ spec }: Node): readonly string[] {
  return spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []);
}

/** A network cut into equal parts, given away in turn. */
class Parts {
  private readonly network: Cidr;
  private readonly prefix: number;
  private readonly used = new Set<string>();
  private turn = 0;

  /** Cluster IPs are not given to pods. */
  private readonly services: readonly Cidr[];

  constructor(network: Cidr, flags: Flags) {
    this.network = network;
    this.services = (flags["service-cluster-ip-range"] ?? "")
      .split(",")
      .map(parsed)
      .filter((cidr) => typeof cidr !== "string");
    const { version } = network.first;
    const size =
      flags[`node-cidr-mask-size-ipv${version}`] ?? (version === 4 ? flags["node-cidr-mask-size"] : undefined);
    this.prefix = Number(size ?? (version === 4 ? 24 : 64));
  }

  /** The network is smaller than one of its parts. */
  get tooSmall(): boolean {
    return this.network.prefix > this.prefix;
  }

  /** Why a node's range is none of this network's. */
  outside(text: string): string | undefined {
    const cidr = parsed(text);
    if (typeof cidr === "string") return cidr;
    if (cidrContains(this.network, cidr.first) || cidrContains(cidr, this.network.first)) return undefined;
    return `cidr ${text} is out the range of cluster cidr ${cidrText(this.network)}`;
  }

  note(text: string, free: boolean): void {
    if (free) this.used.delete(text);
    else this.used.add(text);
  }

  /** The next free part after the one given last. */
  next(): string | undefined {
    const count = 2 ** (this.prefix - this.network.prefix);
    for (let tries = 0; tries < count; tries++) {
      const part = nthSubnet(this.network, this.prefix, (this.turn + tries) % count);
      if (!part) continue;
      const text = cidrText(part);
      if (this.used.has(text)) continue;
      if (this.services.some((range) => cidrsOverlap(range, part))) continue;
      this.turn = (this.turn + tries + 1) % count;
      return text;
    }
    return undefined;
  }
}
