import { ipVersion } from "../../../base/cidr.ts";
import type { Link, LinkAddress } from "../../../cluster/network/links/define.ts";
import type { IpOptions } from "./define.ts";
import type { JsonValue } from "./json-text.ts";

const FOREVER = "       valid_lft forever preferred_lft forever";

/** A link's name with its other end: cni0, eth0@if5, cilium_net@cilium_host. */
export function fullName({ name, peer }: Link): string {
  if (!peer) return name;
  return `${name}@${peer.name ?? `if${peer.index}`}`;
}

function athome(link: Link, all: readonly Link[]): Link {
  const other = all.find(({ index }) => index === link.peer?.index);
  return link.peer && other ? { ...link, peer: { ...link.peer, name: other.name } } : link;
}

/** What stands at the end of a link's second line: the network that its other end is in. */
function otherNamespace({ peer }: Link): string {
  if (!peer || peer.name !== undefined) return "";
  return peer.namespace ? ` link-netns ${peer.namespace}` : " link-netnsid 0";
}

/** The lines of a link. `asLink`: by `ip link`, which tells the mode, too. */
export function linkLines(
  link: Link,
  asLink: boolean,
  { family, statistics, details, oneLine }: IpOptions,
  all: readonly Link[] = [],
): string {
  const { index, flags, mtu, qdisc, master, state, queue, type, mac, broadcast } = link;
  const end = oneLine ? "\\" : "\n";
  const tail = queue ? `qlen ${queue}` : "";
  const six = family === 6 && !asLink;
  const rest = six
    ? `state ${state} ${tail}`
    : `qdisc ${qdisc} ${master ? `master ${master} ` : ""}state ${state} ${asLink ? "mode DEFAULT " : ""}group default ${tail}`;
  // Asked for IPv6, the kernel does not say that the other end is elsewhere: its number is looked up at home.
  const name = six ? fullName(athome(link, all)) : fullName(link);
  const head = `${index}: ${name}: <${flags.join(",")}> mtu ${mtu} ${rest}`;
  if (family !== undefined && !asLink) return `${head}\n`;
  const more = details ? detailsText(link, asLink, end, all) : "";
  const hardware = `${end}    link/${type} ${mac} brd ${broadcast}${otherNamespace(link)}${more}`;
  return `${head}${hardware}${statistics && asLink ? statisticsLines(end) : ""}\n`;
}

/** What -d adds; of bridges and their ports nothing, as ip says then (see showDetails). */
function detailsText(link: Link, asLink: boolean, end: string, all: readonly Link[]): string {
  if (hidesDetails(link)) return "";
  const { kind, type } = link;
  const queues = kind === "veth" ? 2 : 1;
  const limits =
    type === "loopback" ? "minmtu 0 maxmtu 0" : kind === "ipip" ? "minmtu 0 maxmtu 0" : "minmtu 68 maxmtu 65535";
  const mode = asLink ? "addrgenmode eui64 " : "";
  const tail = `${mode}numtxqueues ${queues} numrxqueues ${queues} gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536 `;
  const card = all.find(({ name }) => name === "eth0")?.addresses.find(({ scope }) => scope === "global")?.address;
  const own = {
    vxlan: `vxlan id 1 local ${card ?? ""} dev eth0 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300 udpcsum noudp6zerocsumtx noudp6zerocsumrx `,
    veth: "veth ",
    ipip: "ipip any remote any local any ttl inherit nopmtudisc ",
    dummy: "dummy ",
    bridge: "",
  };
  const named = kind ? `${end}    ${own[kind]}` : "";
  return ` promiscuity 0  allmulti 0 ${limits} ${named}${tail}`;
}

/** Whether -d would tell more of a link than is known here: of a bridge, its ports, and what Cilium has made. */
export function hidesDetails({ kind, master, name }: Link): boolean {
  return kind === "bridge" || master !== undefined || name === "cilium_vxlan";
}

/** Packets are not counted. */
export function statisticsLines(end: string): string {
  const line = "         0       0      0       0       0       0 ";
  return [
    "",
    "    RX:  bytes packets errors dropped  missed   mcast           ",
    `    ${line}`,
    "    TX:  bytes packets errors dropped carrier collsns           ",
    `    ${line}`,
  ].join(end);
}

/** The addresses of a link that -4, -6 or neither ask for. */
export function shownAddresses({ addresses }: Link, { family }: IpOptions): readonly LinkAddress[] {
  return addresses.filter(({ address }) => family === undefined || ipVersion(address) === family);
}

/** An address' lines. */
export function addressLines(link: Link, one: LinkAddress, { oneLine }: IpOptions): string {
  const { address, prefix, scope, broadcast } = one;
  const isOld = ipVersion(address) === 4;
  const text = `${isOld ? "inet" : "inet6"} ${address}/${prefix} ${broadcast ? `brd ${broadcast} ` : ""}scope ${scope} ${isOld ? link.name : ""}`;
  if (oneLine) return `${link.index}: ${link.name}    ${text}\\${FOREVER}\n`;
  return `    ${text}\n${FOREVER}\n`;
}

/** A link as -br shows it. */
export function briefLine(link: Link, shown: readonly string[]): string {
  return `${fullName(link).padEnd(16)} ${link.state.padEnd(14)} ${shown.map((one) => `${one} `).join("")}\n`;
}

/** A link as -j shows it. `addresses` where `ip address` asks. */
export function linkJson(link: Link, addresses: readonly LinkAddress[] | undefined, rank: number): JsonValue {
  const { peer, master } = link;
  const named = peer?.name !== undefined;
  const other: Record<string, JsonValue> = !peer
    ? {}
    : named
      ? { link: peer.name === "NONE" ? 0 : peer.name }
      : { link_index: peer.index };
  if (peer?.name === "NONE") delete other.link;
  return {
    ifindex: link.index,
    ...(peer?.name === "NONE" ? { link: "NONE" } : other),
    ifname: link.name,
    flags: link.flags,
    mtu: link.mtu,
    qdisc: link.qdisc,
    ...(master ? { master } : {}),
    operstate: link.state,
    ...(addresses ? {} : { linkmode: "DEFAULT" }),
    group: "default",
    ...(link.queue ? { txqlen: link.queue } : {}),
    link_type: link.type,
    address: link.mac,
    broadcast: link.broadcast,
    ...(peer && !named ? { link_netnsid: rank } : {}),
    ...(addresses ? { addr_info: addresses.map((one) => addressJson(link, one)) } : {}),
  };
}

const LIFETIME = 4_294_967_295;

function addressJson(link: Link, { address, prefix, scope, broadcast }: LinkAddress): JsonValue {
  const isOld = ipVersion(address) === 4;
  return {
    family: isOld ? "inet" : "inet6",
    local: address,
    prefixlen: prefix,
    ...(broadcast ? { broadcast } : {}),
    scope,
    ...(isOld ? { label: link.name } : {}),
    valid_life_time: LIFETIME,
    preferred_life_time: LIFETIME,
  };
}
