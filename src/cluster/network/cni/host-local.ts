import { cidrSize, ipText, nthAddress, parseCidr } from "../../../base/cidr.ts";
import type { CniCall, PluginAnswer } from "./define.ts";
import { missingPlugin } from "./missing-plugin.ts";

/** An address of each range by the plugin host-local, which lies in a binary of its own. */
export function hostLocal({ host, leases }: CniCall, ranges: readonly string[]): PluginAnswer {
  const missing = missingPlugin(host, "host-local");
  if (missing !== undefined) return { error: missing };
  const addresses: string[] = [];
  const leave = () => {
    for (const address of addresses) leases.giveBack(address);
  };
  for (const [index, range] of ranges.entries()) {
    const address = leases.take(range);
    if (address === undefined) {
      leave();
      return {
        error: `failed to allocate for range ${index}: no IP addresses available in range set: ${spanOf(range)}`,
      };
    }
    addresses.push(address);
  }
  return { addresses, leave };
}

/** A range as host-local prints it: all but its first and last address. */
function spanOf(range: string): string {
  const network = parseCidr(range);
  const ends = [1, Number(cidrSize(network)) - 2].map((n) => nthAddress(network, n));
  return ends.map((ip) => (ip ? ipText(ip) : "")).join("-");
}
