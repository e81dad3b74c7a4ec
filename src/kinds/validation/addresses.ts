import { cidrContains, type Ip, parseCidr, parseIp } from "../../base/cidr.ts";
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
