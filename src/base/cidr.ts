import { FormatError } from "./format-error.ts";

/** An IP address: 32 bit in a number, or 128 bit in a bigint. */
export type Ip = { readonly version: 4; readonly bits: number } | { readonly version: 6; readonly bits: bigint };

/** A network: its first address and how many bits of it are fixed. */
export interface Cidr {
  readonly first: Ip;
  readonly prefix: number;
}

/** The address in a text, undefined if it is none. IPv4 parts with leading zeros are refused, as Go refuses them. */
export function parseIp(text: string): Ip | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Ip | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0;
  for (const part of parts) {
    const value = /^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256;
    if (value > 255) return undefined;
    bits = bits * 256 + value;
  }
  return { version: 4, bits };
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "", true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let bits = 0n;
  for (const group of [...head, ...Array<number>(missing).fill(0), ...tail]) bits = (bits << 16n) | BigInt(group);
  return { version: 6, bits };
}

/** The 16-bit groups of a part of an IPv6 address; at its end an IPv4 address may stand. */
function groupsOf(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const four = isEnd && i === parts.length - 1 ? parseIpv4(part) : undefined;
      if (four?.version !== 4) return undefined;
      groups.push(Math.floor(four.bits / 65536), four.bits % 65536);
    }
  }
  return groups;
}

/** An address as text; IPv6 in its shortest form (RFC 5952). */
export function ipText(ip: Ip): string {
  if (ip.version === 4) {
    return `${Math.floor(ip.bits / 16777216)}.${(ip.bits >>> 16) & 255}.${(ip.bits >>> 8) & 255}.${ip.bits & 255}`;
  }
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((ip.bits >> shift) & 0xffffn).toString(16));
  if (ip.bits >> 32n === 0xffffn) return ipText({ version: 4, bits: Number(ip.bits & 0xffffffffn) });
  const zeros = longestZeros(groups);
  if (!zeros) return groups.join(":");
  return `${groups.slice(0, zeros.start).join(":")}::${groups.slice(zeros.start + zeros.length).join(":")}`;
}

function longestZeros(groups: readonly string[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > 1 && length > (best?.length ?? 0)) best = { start, length };
  }
  return best;
}

/** The network of a text such as `10.244.0.0/16`; bits beyond the prefix are dropped. Throws a FormatError as Go says it. */
export function parseCidr(text: string): Cidr {
  const [address = "", length = "", ...more] = text.split("/");
  const ip = parseIp(address);
  const prefix = /^(0|[1-9]\d*)$/.test(length) ? Number(length) : -1;
  if (!ip || more.length > 0 || prefix < 0 || prefix > widthOf(ip))
    throw new FormatError(`invalid CIDR address: ${text}`);
  return cidrOf(ip, prefix);
}

/** The same, undefined for a text that is no network. */
export function cidrIn(text: string): Cidr | undefined {
  try {
    return parseCidr(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

/** A network, or an address as the network that holds it alone; undefined for all else. */
export function rangeIn(text: string): Cidr | undefined {
  const ip = parseIp(text);
  return ip ? cidrOf(ip, widthOf(ip)) : cidrIn(text);
}

/** The version that an address or network is of by its text, which is known to be one. */
export function ipVersion(text: string): 4 | 6 {
  return text.includes(":") ? 6 : 4;
}

/** Whether another address or network is of the same version. */
export function sameFamily(text: string): (other: string) => boolean {
  const version = ipVersion(text);
  return (other) => ipVersion(other) === version;
}

/** The network of so many fixed bits in which an address lies. */
export function cidrOf(ip: Ip, prefix: number): Cidr {
  return { first: plus(ip, -offsetIn(ip, prefix)), prefix };
}

export function cidrText(cidr: Cidr): string {
  return `${ipText(cidr.first)}/${cidr.prefix}`;
}

function widthOf(ip: Ip): number {
  return ip.version === 4 ? 32 : 128;
}

/** How far an address is from the start of its network. */
function offsetIn(ip: Ip, prefix: number): bigint {
  return BigInt(ip.bits) & ((1n << BigInt(widthOf(ip) - prefix)) - 1n);
}

function plus(ip: Ip, offset: bigint): Ip {
  const bits = BigInt(ip.bits) + offset;
  return ip.version === 4 ? { version: 4, bits: Number(bits) } : { version: 6, bits };
}

/** How many addresses a network holds. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(widthOf(cidr.first) - cidr.prefix);
}

export function cidrContains(cidr: Cidr, ip: Ip): boolean {
  if (ip.version !== cidr.first.version) return false;
  if (ip.version === 4 && cidr.first.version === 4) {
    const size = 2 ** (32 - cidr.prefix);
    return ip.bits >= cidr.first.bits && ip.bits < cidr.first.bits + size;
  }
  const offset = BigInt(ip.bits) - BigInt(cidr.first.bits);
  return offset >= 0n && offset < cidrSize(cidr);
}

/** Whether two networks have an address in common. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return cidrContains(a, b.first) || cidrContains(b, a.first);
}

/** The address number `n` of a network, counted from 0; undefined beyond its end. */
export function nthAddress(cidr: Cidr, n: number): Ip | undefined {
  if (n < 0 || BigInt(n) >= cidrSize(cidr)) return undefined;
  if (cidr.first.version === 4) return { version: 4, bits: cidr.first.bits + n };
  return { version: 6, bits: cidr.first.bits + BigInt(n) };
}

/** The part number `n` of a network cut into networks with `prefix` fixed bits, as nodes get their pod networks. */
export function nthSubnet(cidr: Cidr, prefix: number, n: number): Cidr | undefined {
  if (prefix < cidr.prefix || prefix > widthOf(cidr.first) || n < 0) return undefined;
  const offset = BigInt(n) << BigInt(widthOf(cidr.first) - prefix);
  return offset < cidrSize(cidr) ? { first: plus(cidr.first, offset), prefix } : undefined;
}

/** The first address from number `from` on for which `isUsed` is false; undefined when the network is full. */
export function nextFree(cidr: Cidr, isUsed: (ip: string) => boolean, from = 1): string | undefined {
  for (let n = from; ; n++) {
    const ip = nthAddress(cidr, n);
    if (!ip) return undefined;
    const text = ipText(ip);
    if (!isUsed(text)) return text;
  }
}
