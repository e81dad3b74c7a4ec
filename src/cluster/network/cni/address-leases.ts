import { ipText, nthAddress, parseCidr } from "../../../base/cidr.ts";

/** The CNI plugin host-local: it gives out the addresses of ranges, each after the one given last, round the range. */
export class AddressLeases {
  private readonly given = new Set<string>();
  private readonly next = new Map<string, number>();

  /** The next address of a range whose first one is the gateway; undefined where all are taken. */
  take(range: string): string | undefined {
    const network = parseCidr(range);
    const size = 2 ** Math.min(24, (network.first.version === 4 ? 32 : 128) - network.prefix);
    for (let tries = 0; tries < size; tries++) {
      const offset = this.next.get(range) ?? 2;
      this.next.set(range, offset + 1 >= size - 1 ? 2 : offset + 1);
      const ip = nthAddress(network, offset);
      const address = ip && ipText(ip);
      if (address === undefined || this.given.has(address)) continue;
      this.given.add(address);
      return address;
    }
    return undefined;
  }

  giveBack(address: string): void {
    this.given.delete(address);
  }
}
