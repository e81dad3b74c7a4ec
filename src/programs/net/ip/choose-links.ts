import { type Cidr, cidrContains, parseIp, rangeIn } from "../../../base/cidr.ts";
import type { Link, LinkAddress } from "../../../cluster/network/links/define.ts";
import { linksOf } from "../../../cluster/network/links/links.ts";
import { type IpCall, IpFault } from "./define.ts";

/** What `show` asks for. */
export interface Choice {
  readonly links: readonly Link[];
  readonly keeps: (address: LinkAddress) => boolean;
  /** Whether only links with such addresses are shown, and nothing else of them. */
  readonly byAddress: boolean;
  /** Whether links that have other addresses only are left out. */
  readonly byScope: boolean;
}

const bare = new Set(
  "permanent dynamic secondary primary tentative deprecated dadfailed temporary home nodad".split(" "),
);

/** Reads what follows `ip address show` and `ip link show` (ip/ipaddress.c, 6.1). */
export function chooseLinks({ proc, words }: IpCall): Choice {
  let links = linksOf(proc.machine);
  let scope: string | undefined;
  let range: Cidr | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const value = () => {
      const next = words[++i];
      if (next === undefined) throw new IpFault('Command line is not complete. Try option "help"', 255);
      return next;
    };
    if (word === "up") links = links.filter(({ flags }) => flags.includes("UP"));
    else if (word === "scope") scope = value();
    else if (word === "to") range = rangeOf(value());
    else if (word === "master") {
      const master = value();
      named(linksOf(proc.machine), master);
      links = links.filter((link) => link.master === master);
    } else if (word === "type") {
      const kind = value();
      links = links.filter((link) => link.kind === kind);
    } else if (word === "group") {
      if (value() !== "default") links = [];
    } else if (bare.has(word)) {
      if (word !== "permanent" && word !== "primary") links = [];
    } else {
      const name = word === "dev" ? value() : word;
      const found = named(linksOf(proc.machine), name);
      links = links.filter((link) => link === found || link.index === found.index);
    }
  }
  const keeps = (one: LinkAddress): boolean => {
    if (scope !== undefined && scope !== "all" && one.scope !== scope) return false;
    const ip = parseIp(one.address);
    return range === undefined || (ip !== undefined && cidrContains(range, ip));
  };
  return { links, keeps, byAddress: range !== undefined, byScope: scope !== undefined };
}

function named(links: readonly Link[], name: string): Link {
  const found = links.find((link) => link.name === name);
  if (!found) throw new IpFault(`Device "${name}" does not exist.`, 1);
  return found;
}

/** A network or an address. */
export function rangeOf(text: string): Cidr {
  const range = rangeIn(text);
  if (range) return range;
  throw new IpFault(`Error: any valid prefix is expected rather than "${text}".`, 1);
}
