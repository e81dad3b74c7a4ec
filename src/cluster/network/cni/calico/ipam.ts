import {
  type Cidr,
  cidrContains,
  cidrIn,
  cidrSize,
  cidrText,
  ipText,
  nthAddress,
  nthSubnet,
  parseCidr,
  parseIp,
} from "../../../../base/cidr.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Api } from "../../../apiserver/define.ts";
import { CALICO_VERSION, type IpamAttributes, type IpamBlock, type IpPool } from "./define.ts";
import { selectsNode } from "./node-selector.ts";

const POOLS = "ippools.crd.projectcalico.org";
const BLOCKS = "ipamblocks.crd.projectcalico.org";
const AFFINITIES = "blockaffinities.crd.projectcalico.org";
/** How many blocks a node may have (IPAMConfig maxBlocksPerHost, 3.30). */
const MOST_BLOCKS = 20;

/** A node that asks for an address. */
export interface IpamNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
}

/**
 * Gives an address out of the node's blocks; claims another block where they are full, and borrows of another node's
 * where no block is left (libcalico-go lib/ipam, 3.30). Throws Status and Unreachable.
 */
export function assignAddress(api: Api, node: IpamNode, to: IpamAttributes): string | { readonly error: string } {
  const pools = poolsFor(api, node);
  if (pools.length === 0) return { error: `no configured Calico pools for node ${node.name}` };
  const blocks = api.list<IpamBlock>(BLOCKS).filter(({ spec }) => pools.some((pool) => isInside(pool, spec.cidr)));
  const own = blocks.filter(({ spec }) => spec.affinity === `host:${node.name}`);
  const block =
    own.find(hasRoom) ??
    (own.length < MOST_BLOCKS ? claimBlock(api, node.name, pools) : undefined) ??
    blocks.find((one) => hasRoom(one) && !one.spec.strictAffinity);
  if (block) return takeFrom(api, block, to);
  const ranges = pools.map(({ spec }) => spec.cidr).join(" ");
  const why = `No IPs available in pools: [${ranges}]`;
  return { error: `failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; ${why}` };
}

/** Gives an address back. */
export function releaseAddress(api: Api, address: string): void {
  const ip = parseIp(address);
  const block = ip && api.list<IpamBlock>(BLOCKS).find(({ spec }) => cidrContains(parseCidr(spec.cidr), ip));
  if (!block) return;
  api.modify(block, (current) => {
    const { spec } = current;
    const range = parseCidr(spec.cidr);
    const ordinal = spec.allocations.findIndex((used, n) => used !== null && textAt(range, n) === address);
    const index = spec.allocations[ordinal];
    if (index === undefined || index === null) return current;
    const allocations = spec.allocations.map((used, n) =>
      n === ordinal ? null : used !== null && used > index ? used - 1 : used,
    );
    const attributes = spec.attributes.filter((_, n) => n !== index);
    const { sequenceNumber, unallocated } = spec;
    return {
      ...current,
      spec: {
        ...spec,
        allocations,
        attributes,
        unallocated: [...unallocated, ordinal],
        sequenceNumber: sequenceNumber + 1,
      },
    };
  });
}

/** The blocks of a node that is gone are free again. */
export function releaseBlocks(api: Api, node: string): void {
  for (const block of api.list<IpamBlock>(BLOCKS)) {
    if (block.spec.affinity !== `host:${node}`) continue;
    const affinity = api.get<KubeObject>(AFFINITIES, undefined, `${node}-${block.metadata.name}`);
    if (affinity) api.delete(affinity);
    api.delete(block);
  }
}

function poolsFor(api: Api, { labels }: IpamNode): readonly IpPool[] {
  return api.list<IpPool>(POOLS).filter(({ spec }) => {
    const { disabled, nodeSelector = "all()", allowedUses = ["Workload"] } = spec;
    return (
      !disabled && allowedUses.includes("Workload") && isRange(spec.cidr) && selectsNode(nodeSelector, labels ?? {})
    );
  });
}

const isRange = (text: string): boolean => cidrIn(text)?.first.version === 4;

function isInside({ spec }: IpPool, block: string): boolean {
  return cidrContains(parseCidr(spec.cidr), parseCidr(block).first);
}

function hasRoom({ spec }: IpamBlock): boolean {
  return spec.unallocated.length > 0;
}

/** The first free block, looked for from a place that the node's name tells, so that nodes do not get in each other's way. */
function claimBlock(api: Api, node: string, pools: readonly IpPool[]): IpamBlock | undefined {
  const taken = new Set(api.list<IpamBlock>(BLOCKS).map(({ spec }) => spec.cidr));
  for (const { spec } of pools) {
    const { cidr, blockSize = 26 } = spec;
    const pool = parseCidr(cidr);
    const count = 2 ** Math.max(0, blockSize - pool.prefix);
    const start = nameHash(node) % count;
    for (let tries = 0; tries < count; tries++) {
      const subnet = nthSubnet(pool, blockSize, (start + tries) % count);
      if (!subnet || taken.has(cidrText(subnet))) continue;
      return makeBlock(api, node, subnet);
    }
  }
  return undefined;
}

function makeBlock(api: Api, node: string, range: Cidr): IpamBlock {
  const cidr = cidrText(range);
  const name = cidr.replaceAll(/[./:]/g, "-");
  api.create<KubeObject>({
    apiVersion: CALICO_VERSION,
    kind: "BlockAffinity",
    metadata: { name: `${node}-${name}` },
    spec: { cidr, deleted: "false", node, state: "confirmed", type: "host" },
  });
  const size = Number(cidrSize(range));
  return api.create<IpamBlock>({
    apiVersion: CALICO_VERSION,
    kind: "IPAMBlock",
    metadata: { name },
    spec: {
      affinity: `host:${node}`,
      allocations: Array.from({ length: size }, () => null),
      attributes: [],
      cidr,
      deleted: false,
      sequenceNumber: 0,
      strictAffinity: false,
      unallocated: Array.from({ length: size }, (_, n) => n),
    },
  });
}

function takeFrom(api: Api, block: IpamBlock, to: IpamAttributes): string {
  const [ordinal = 0, ...unallocated] = block.spec.unallocated;
  api.modify(block, (current) => {
    const { spec } = current;
    const allocations = spec.allocations.map((used, n) => (n === ordinal ? spec.attributes.length : used));
    const attributes = [...spec.attributes, to];
    return {
      ...current,
      spec: { ...spec, allocations, attributes, unallocated, sequenceNumber: spec.sequenceNumber + 1 },
    };
  });
  return textAt(parseCidr(block.spec.cidr), ordinal);
}

function textAt(range: Cidr, ordinal: number): string {
  const ip = nthAddress(range, ordinal);
  return ip ? ipText(ip) : "";
}

/** FNV-1, 32 bits, as Calico seeds its choice. */
function nameHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(i);
  return hash >>> 0;
}
