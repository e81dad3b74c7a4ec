import { linkLocal } from "./addresses.ts";
import type { Link, LinkAddress } from "./define.ts";

export const BROADCAST = "ff:ff:ff:ff:ff:ff";
const up = ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"];

/** The loopback device. */
export const loopback: Link = {
  index: 1,
  name: "lo",
  type: "loopback",
  mac: "00:00:00:00:00:00",
  broadcast: "00:00:00:00:00:00",
  flags: ["LOOPBACK", "UP", "LOWER_UP"],
  mtu: 65_536,
  qdisc: "noqueue",
  state: "UNKNOWN",
  queue: 1000,
  addresses: [
    { address: "127.0.0.1", prefix: 8, scope: "host" },
    { address: "::1", prefix: 128, scope: "host" },
  ],
};

/** A virtual link of Ethernet that is up, with its link-local address. */
export function virtualLink(
  given: Pick<Link, "index" | "name" | "mac" | "mtu"> & Partial<Link>,
  addresses: readonly LinkAddress[] = [],
): Link {
  return {
    type: "ether",
    broadcast: BROADCAST,
    flags: up,
    qdisc: "noqueue",
    state: "UP",
    queue: 1000,
    ...given,
    addresses: [...addresses, linkLocal(given.mac)],
  };
}
