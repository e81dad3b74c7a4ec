import { type Cidr, cidrContains, cidrText, type Ip, ipText, parseCidr, parseIp } from "../../base/cidr.ts";
import { FormatError } from "../../base/format-error.ts";
import type { Problem } from "../define.ts";
import { wrong } from "../problem.ts";

const noAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const noNetwork = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/**
 * An IP address in a field older than strict checking: IPv4 parts may have leading zeros there
 * (util/validation IsValidIPForLegacyField, StrictIPCIDRValidation off by default in 1.35).
 */
export function checkAddress(text: string | undefined, path: string, problems: Problem[]): boolean {
  if (sloppyIp(text ?? "")) return true;
  problems.push(wrong(path, text ?? "", noAddress));
  return false;
}

/** An address whose IPv4 parts may have leading zeros. */
export function sloppyIp(text: string): Ip | undefined {
  return parseIp(/^[\d.]+$/.test(text) ? text.replace(/(^|\.)0+(?=\d)/g, "$1") : text);
}

/** A network, such as 10.0.0.0/8. */
export function checkNetwork(text: string, path: string, problems: Problem[]): void {
  try {
    parseCidr(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push(wrong(path, text, noNetwork));
  }
}

const special: readonly (readonly [string, string])[] = [
  ["127.0.0.0/8", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["::1/128", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["169.254.0.0/16", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["fe80::/10", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["224.0.0.0/24", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
  ["ff02::/16", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
];
const specialNetworks = special.map(([text, detail]) => [parseCidr(text), detail] as const);

/** An address that may stand for an endpoint or outside address (core validation ValidateNonSpecialIP, 1.35). */
export function checkOrdinaryAddress(text: string, path: string, problems: Problem[]): void {
  const ip = sloppyIp(text);
  if (!ip) {
    problems.push(wrong(path, text, "must be a valid IP address"));
    return;
  }
  if (BigInt(ip.bits) === 0n) problems.push(wrong(path, text, `may not be unspecified (${text})`));
  for (const [network, detail] of specialNetworks)
    if (cidrContains(network, ip)) problems.push(wrong(path, text, detail));
}

/** An address in a field of newer kinds, which takes each in one spelling only (util/validation IsValidIP, 1.35). */
export function checkStrictAddress(text: string, path: string, problems: Problem[]): void {
  const ip = sloppyIp(text);
  if (!ip) problems.push(wrong(path, text, noAddress));
  else if (!parseIp(text)) problems.push(wrong(path, text, "must not have leading 0s"));
  else if (isMapped(ip)) problems.push(wrong(path, text, "must not be an IPv4-mapped IPv6 address"));
  else if (ipText(ip) !== text) problems.push(wrong(path, text, `must be in canonical form ("${ipText(ip)}")`));
}

/** The same for a network (IsValidCIDR). */
export function checkStrictNetwork(text: string, path: string, problems: Problem[]): void {
  const cidr = sloppyCidr(text);
  const [address = ""] = text.split("/");
  const ip = sloppyIp(address);
  if (!cidr || !ip) problems.push(wrong(path, text, noNetwork));
  else if (!parseIp(address)) problems.push(wrong(path, text, "must not have leading 0s in IP or prefix length"));
  else if (isMapped(ip)) problems.push(wrong(path, text, "must not have an IPv4-mapped IPv6 address"));
  else if (ip.bits !== cidr.first.bits)
    problems.push(wrong(path, text, "must not have bits set beyond the prefix length"));
  else if (cidrText(cidr) !== text) problems.push(wrong(path, text, `must be in canonical form ("${cidrText(cidr)}")`));
}

function isMapped(ip: Ip): boolean {
  return ip.version === 6 && ip.bits >> 32n === 0xffffn;
}

function sloppyCidr(text: string): Cidr | undefined {
  const [address = "", ...rest] = text.split("/");
  const ip = sloppyIp(address);
  if (!ip) return undefined;
  try {
    return parseCidr([ip.version === 4 ? ipText(ip) : address, ...rest].join("/"));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What is said beside the answer about an address in an older field (util/validation GetWarningsForIP, 1.35). */
export function warningsOfAddress(text: string, path: string): readonly string[] {
  const ip = sloppyIp(text);
  if (!ip) return [];
  const shown = ipText(ip);
  if (!parseIp(text) || isMapped(ip)) {
    const future = "will be considered invalid in a future Kubernetes release";
    return [`${path}: non-standard IP address "${text}" ${future}: use "${shown}"`];
  }
  if (ip.version === 4 || shown === text) return [];
  return [`${path}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${shown}")`];
}

/** The same about a network (GetWarningsForCIDR). */
export function warningsOfNetwork(text: string, path: string): readonly string[] {
  const cidr = sloppyCidr(text);
  const [address = ""] = text.split("/");
  const ip = sloppyIp(address);
  if (!cidr || !ip) return [];
  const shown = cidrText(cidr);
  const warnings: string[] = [];
  if (ip.bits !== cidr.first.bits) {
    const single = `${ipText(ip)}/${ip.version === 4 ? 32 : 128}`;
    const question = `(should be "${shown}" or "${single}"?)`;
    warnings.push(`${path}: CIDR value "${text}" is ambiguous in this context ${question}`);
  }
  if (!parseIp(address) || isMapped(ip)) {
    const future = "will be considered invalid in a future Kubernetes release";
    warnings.push(`${path}: non-standard CIDR value "${text}" ${future}: use "${shown}"`);
  }
  if (warnings.length === 0 && ip.version === 6 && shown !== text)
    warnings.push(`${path}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${shown}")`);
  return warnings;
}
