import { cidrIn, cidrSize, type Ip, ipText, parseIp } from "../../../../base/cidr.ts";
import { type Labels, matchesSelector } from "../../../../base/selector.ts";
import type { Service } from "../../../../kinds/types/core.ts";
import type { IPAddressPool } from "./define.ts";

/** A range of addresses, first and last included. */
interface Range {
  readonly first: Ip;
  readonly last: Ip;
}

/** A pool as it is read: its ranges, and whom it serves. */
export interface Pool {
  readonly name: string;
  readonly ranges: readonly Range[];
  readonly object: IPAddressPool;
}

/** So many addresses of a range are tried at most. */
const MOST = 65_536n;

const plus = ({ version, bits }: Ip, n: bigint): Ip =>
  version === 4 ? { version, bits: Number(BigInt(bits) + n) } : { version, bits: bits + n };

/** A range of a pool: 192.168.1.240/28, or 192.168.1.240-192.168.1.250. Gives the words of MetalLB's fault (internal/config). */
function rangeOf(text: string): Range | string {
  const [from = "", to] = text.split("-").map((part) => part.trim());
  if (to !== undefined) {
    const first = parseIp(from);
    const last = parseIp(to);
    if (!first) return `invalid IP range "${text}": invalid start IP "${from}"`;
    if (!last) return `invalid IP range "${text}": invalid end IP "${to}"`;
    if (first.version !== last.version || first.bits > last.bits)
      return `invalid IP range "${text}": start IP "${from}" is after the end IP "${to}"`;
    return { first, last };
  }
  const cidr = cidrIn(text);
  return cidr ? { first: cidr.first, last: plus(cidr.first, cidrSize(cidr) - 1n) } : `invalid CIDR "${text}"`;
}

/** Reads all pools; or tells why the whole configuration is refused. */
export function readPools(objects: readonly IPAddressPool[]): readonly Pool[] | string {
  const pools: Pool[] = [];
  for (const object of objects) {
    const { name } = object.metadata;
    if (object.spec.addresses.length === 0) return `parsing address pool ${name}: pool has no prefixes defined`;
    const ranges: Range[] = [];
    for (const text of object.spec.addresses) {
      const range = rangeOf(text);
      if (typeof range === "string") return `parsing address pool ${name}: ${range} in pool "${name}"`;
      const twin = pools.find((pool) => pool.ranges.some((other) => overlaps(other, range)));
      if (twin) return `CIDR "${text}" in pool "${name}" overlaps with already defined CIDR of pool "${twin.name}"`;
      ranges.push(range);
    }
    pools.push({ name, ranges, object });
  }
  return pools;
}

function overlaps(a: Range, b: Range): boolean {
  return a.first.version === b.first.version && a.first.bits <= b.last.bits && b.first.bits <= a.last.bits;
}

/** Old firmware takes these for the addresses of networks. */
function isBuggy(ip: Ip): boolean {
  return ip.version === 4 && (ip.bits % 256 === 0 || ip.bits % 256 === 255);
}

export function poolHas({ ranges, object }: Pool, address: string): boolean {
  const ip = parseIp(address);
  if (!ip || (object.spec.avoidBuggyIPs && isBuggy(ip))) return false;
  return ranges.some(
    ({ first, last }) => ip.version === first.version && first.bits <= ip.bits && ip.bits <= last.bits,
  );
}

/** The addresses of a pool in one family, in order. */
export function* addressesOf({ ranges, object }: Pool, version: 4 | 6): Generator<string> {
  for (const { first, last } of ranges) {
    if (first.version !== version) continue;
    const count = BigInt(last.bits) - BigInt(first.bits) + 1n;
    for (let n = 0n; n < count && n < MOST; n++) {
      const ip = plus(first, n);
      if (!(object.spec.avoidBuggyIPs && isBuggy(ip))) yield ipText(ip);
    }
  }
}

/** Whether a pool that is meant for some Services is for this one. */
export function serves({ object }: Pool, { metadata }: Service, namespace: Labels): boolean {
  const { serviceAllocation: given } = object.spec;
  if (!given) return true;
  const { namespaces = [], namespaceSelectors = [], serviceSelectors = [] } = given;
  const inNamespaces =
    (namespaces.length === 0 && namespaceSelectors.length === 0) ||
    namespaces.includes(metadata.namespace ?? "") ||
    namespaceSelectors.some((selector) => matchesSelector(selector, namespace));
  const selected =
    serviceSelectors.length === 0 ||
    serviceSelectors.some((selector) => matchesSelector(selector, metadata.labels ?? {}));
  return inNamespaces && selected;
}

/** The pools that are tried for a Service that asks for none: those made for some first, by priority; 0 is the lowest. */
export function inTurn(pools: readonly Pool[]): readonly Pool[] {
  const rank = ({ object }: Pool): number => {
    if (!object.spec.serviceAllocation) return Number.MAX_SAFE_INTEGER;
    return object.spec.serviceAllocation.priority || Number.MAX_SAFE_INTEGER - 1;
  };
  return pools.filter(({ object }) => object.spec.autoAssign !== false).sort((a, b) => rank(a) - rank(b));
}
