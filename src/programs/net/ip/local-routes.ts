import { cidrText, ipVersion } from "../../../base/cidr.ts";
import type { Link, NetworkRoute } from "../../../cluster/network/links/define.ts";
import { rangeOf } from "./choose-links.ts";

/** A line of the kernel's table `local`. */
export interface LocalRoute {
  readonly kind: "local" | "broadcast" | "multicast";
  readonly route: NetworkRoute;
}

/** The table `local`: what the kernel answers for itself, in the order of addresses. */
export function localRoutes(links: readonly Link[]): readonly LocalRoute[] {
  const all = links.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ address, prefix, broadcast }): LocalRoute[] => {
      const family = ipVersion(address);
      const common = { family, dev: name, protocol: "kernel" } as const;
      if (family === 6) return [{ kind: "local", route: { ...common, to: address, metric: 0 } }];
      const own = { kind: "local", route: { ...common, to: address, source: address } } as const;
      const cast = name === "lo" ? "127.255.255.255" : broadcast;
      const network =
        name === "lo" ? [{ ...own, route: { ...own.route, to: cidrText(rangeOf(`${address}/${prefix}`)) } }] : [];
      if (cast === undefined) return [...network, own];
      return [...network, own, { kind: "broadcast", route: { ...common, to: cast, source: address, link: true } }];
    }),
  );
  const groups = links
    .filter(({ addresses }) => addresses.some(({ scope }) => scope === "link"))
    .map(({ name }): LocalRoute => {
      return { kind: "multicast", route: { to: "ff00::/8", family: 6, dev: name, protocol: "kernel", metric: 256 } };
    });
  return [...all.sort(byAddress), ...groups];
}

function byAddress(a: LocalRoute, b: LocalRoute): number {
  if (a.route.family !== b.route.family) return a.route.family - b.route.family;
  const [first, second] = [rangeOf(a.route.to), rangeOf(b.route.to)];
  const [x, y] = [BigInt(first.first.bits), BigInt(second.first.bits)];
  return x < y ? -1 : x > y ? 1 : first.prefix - second.prefix;
}
