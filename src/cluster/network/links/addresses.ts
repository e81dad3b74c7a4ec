import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  type Cidr,
  cidrContains,
  cidrSize,
  ipText,
  ipVersion,
  nthAddress,
  parseCidr,
  parseIp,
} from "../../../base/cidr.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import type { LinkAddress } from "./define.ts";

/** The networks of the hosts' cards have this many fixed bits. */
const HOST_PREFIX = { 4: 24, 6: 64 } as const;

/** Forty hexadecimal digits that follow from a text. */
export function hexOf(text: string): string {
  return bytesToHex(sha1(bytesOf(text)));
}

/** A hardware address that follows from a text: a locally administered one, as the kernel draws them for virtual links. */
export function macOf(text: string): string {
  const hex = hexOf(text);
  const first = ((Number.parseInt(hex.slice(0, 2), 16) & 0xfc) | 2).toString(16).padStart(2, "0");
  return [first, ...pairs(hex.slice(2, 12))].join(":");
}

/** The hardware address of a host's network card: KVM's range. */
export function cardMac(host: string): string {
  return ["52", "54", "00", ...pairs(hexOf(`${host} eth0`).slice(0, 6))].join(":");
}

function pairs(hex: string): string[] {
  return hex.match(/../g) ?? [];
}

/** The link-local address that follows from a hardware address (RFC 4291, appendix A). */
export function linkLocal(mac: string): LinkAddress {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((part) => Number.parseInt(part, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  const ip = parseIp(`fe80:0:0:0:${groups.map((group) => group.toString(16)).join(":")}`);
  return { address: ip ? ipText(ip) : "", prefix: 64, scope: "link" };
}

/** An address on the hosts' network, and all of its network. */
export function hostAddress(address: string): LinkAddress {
  return ranged(address, HOST_PREFIX[ipVersion(address)]);
}

/** An address with as many fixed bits; of IPv4 the address for all, too. */
export function ranged(address: string, prefix: number): LinkAddress {
  if (ipVersion(address) === 6) return { address, prefix, scope: "global" };
  if (prefix >= 31) return { address, prefix, scope: "global" };
  const range = parseCidr(`${address}/${prefix}`);
  const last = nthAddress(range, Number(cidrSize(range)) - 1);
  return { address, prefix, scope: "global", ...(last ? { broadcast: ipText(last) } : {}) };
}

/** The network of a range as text, its first address and its second: where the agents of CNI plugins put themselves. */
export function rangeEnds(range: string): { readonly text: string; readonly first: string; readonly second: string } {
  const cidr = parseCidr(range);
  const at = (n: number) => {
    const ip = nthAddress(cidr, n);
    return ip ? ipText(ip) : "";
  };
  return { text: `${ipText(cidr.first)}/${cidr.prefix}`, first: at(0), second: at(1) };
}

export function prefixOf(range: string): number {
  return parseCidr(range).prefix;
}

/** How far an address is within the first of some ranges that has it, ranges before it counted in; 0 outside of all. */
export function placeIn(ranges: readonly string[], address: string): number {
  const ip = parseIp(address);
  let before = 0;
  for (const range of ranges) {
    const cidr = parseCidr(range);
    if (ip && cidrContains(cidr, ip)) return before + offset(cidr, ip);
    before += 256;
  }
  return 0;
}

function offset(cidr: Cidr, ip: NonNullable<ReturnType<typeof parseIp>>): number {
  return Number(BigInt(ip.bits) - BigInt(cidr.first.bits));
}

/** The name of a pod's network namespace on its node (containerd's CNI, from the sandbox's id). */
export function namespaceName(sandbox: string): string {
  return sandbox.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "cni-$1-$2-$3-$4-$5");
}
