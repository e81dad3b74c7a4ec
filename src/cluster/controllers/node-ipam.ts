import { type Cidr, cidrText, nthSubnet, parseCidr } from "../../base/cidr.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Controller, Sentence } from "./define.ts";

/** Gives every node a part of --cluster-cidr for its pods (kubernetes pkg/controller/nodeipam, RangeAllocator, 1.35). */
export const nodeIpam: Controller = {
  name: "node-ipam-controller",
  account: "node-controller",
  source: "cidrAllocator",
  begin(_api, { flags }) {
    const networks = (flags["allocate-node-cidrs"] === "true" ? (flags["cluster-cidr"] ?? "") : "")
      .split(",")
      .filter((text) => text !== "")
      .map((text) => new Parts(parseCidr(text), flags));
    if (networks.length === 0) return [];
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

function podCidrs({ spec }: Node): readonly string[] {
  return spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []);
}

/** A network cut into equal parts, given away in turn. */
class Parts {
  private readonly network: Cidr;
  private readonly prefix: number;
  private readonly used = new Set<string>();
  private turn = 0;

  constructor(network: Cidr, flags: Readonly<Record<string, string | undefined>>) {
    this.network = network;
    const { version } = network.first;
    const size =
      flags[`node-cidr-mask-size-ipv${version}`] ?? (version === 4 ? flags["node-cidr-mask-size"] : undefined);
    this.prefix = Number(size ?? (version === 4 ? 24 : 64));
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
      const text = part && cidrText(part);
      if (text === undefined || this.used.has(text)) continue;
      this.turn = (this.turn + tries + 1) % count;
      return text;
    }
    return undefined;
  }
}
