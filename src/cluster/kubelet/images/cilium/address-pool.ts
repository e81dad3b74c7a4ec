import { cidrSize, ipText, nthAddress, parseCidr } from "../../../../base/cidr.ts";
import type { Random } from "../../../../base/random.ts";
import type { CiliumAgent } from "../../../network/cni/cilium/define.ts";

/** The addresses of a node's ranges: each at random, as Cilium gives them. */
export class AddressPool implements CiliumAgent {
  private readonly ranges: readonly string[];
  private readonly random: Random;
  private readonly given = new Map<string, string>();

  constructor(ranges: readonly string[], random: Random) {
    this.ranges = ranges;
    this.random = random;
  }

  /** Marks an address that somebody has from before. */
  keep(address: string, owner: string): void {
    this.given.set(address, owner);
  }

  allocate(owner: string): string | { readonly error: string } {
    for (const text of this.ranges) {
      const range = parseCidr(text);
      // The first and the last address of a range are given to nobody.
      const size = Math.min(Number(cidrSize(range)), 65_536) - 2;
      const start = this.random.below(size);
      for (let tries = 0; tries < size; tries++) {
        const ip = nthAddress(range, 1 + ((start + tries) % size));
        const address = ip && ipText(ip);
        if (address === undefined || this.given.has(address)) continue;
        this.given.set(address, owner);
        return address;
      }
    }
    return { error: '[POST /ipam][502] postIpamFailure "range is full"' };
  }

  release(address: string): void {
    this.given.delete(address);
  }
}
