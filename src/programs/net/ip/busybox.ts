import { ipVersion } from "../../../base/cidr.ts";
import type { Link, NetworkRoute } from "../../../cluster/network/links/define.ts";
import { linksOf, neighboursOf, routesOf, wayTo } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { addressLines, shownAddresses } from "./link-text.ts";

const USAGE = `BusyBox v1.37.0 multi-call binary.

Usage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]

OPTIONS := -f[amily] inet|inet6|link | -o[neline]

ip addr add|del IFADDR dev IFACE | show|flush [dev IFACE] [to PREFIX]
ip route list|flush|add|del|change|append|replace|test ROUTE
ip link set IFACE [up|down] [arp on|off] [multicast on|off]
	[promisc on|off] [mtu NUM] [name NAME] [qlen NUM] [address MAC]
	[master IFACE | nomaster] [netns PID]
ip tunnel add|change|del|show [NAME]
	[mode ipip|gre|sit] [remote ADDR] [local ADDR] [ttl TTL]
ip neigh show|flush [to PREFIX] [dev DEV] [nud STATE]
ip rule [list] | add|del SELECTOR ACTION
`;

const objects = ["address", "route", "link", "tunnel", "neigh", "rule"] as const;

interface Asked {
  readonly proc: Process;
  readonly family: 4 | 6 | undefined;
  readonly oneLine: boolean;
  readonly dev: string | undefined;
}

/** ip as busybox has it (networking/libiproute, 1.35 to 1.37). */
export function* busyboxIp(proc: Process, argv: readonly string[]): Task<number> {
  const words = [...argv];
  let family: 4 | 6 | undefined;
  let oneLine = false;
  while (words[0]?.startsWith("-")) {
    const option = words.shift() ?? "";
    if (option === "-4" || option === "-6") family = option === "-4" ? 4 : 6;
    else if ("-oneline".startsWith(option) && option.length > 1) oneLine = true;
    else if ("-family".startsWith(option) && option.length > 1) family = words.shift() === "inet6" ? 6 : 4;
    else return yield* wrong(proc, USAGE);
  }
  const [word = "", command = "show", ...rest] = words;
  const object = word === "" ? undefined : objects.find((one) => one.startsWith(word));
  if (object === undefined) return yield* wrong(proc, USAGE);
  const reads = object === "route" ? /^(l(i(s(t)?)?)?|s(h(o(w?)?)?)?|get?)$/ : /^(l(i(s(t)?)?)?|s(h(o(w?)?)?)?)$/;
  if (!reads.test(command))
    return yield* wrong(
      proc,
      /^(add|del|set|flush|change|append|replace|test)/.test(command)
        ? proc.credentials.uid === 0
          ? `ip: to change ${object} is not simulated\n`
          : "ip: RTNETLINK answers: Operation not permitted\n"
        : `ip: invalid argument '${command}' to 'ip'\n`,
    );
  const named = rest[0] === "dev" ? rest[1] : object === "route" || object === "neigh" ? after(rest, "dev") : rest[0];
  const isKnown = named === undefined || linksOf(proc.machine).some(({ name }) => name === named);
  if (!isKnown) return yield* wrong(proc, `ip: can't find device '${named}'\n`);
  const asked: Asked = { proc, family, oneLine, dev: named };
  if (object === "route" && command.startsWith("g")) return yield* way(proc, rest[0] ?? "");
  yield* proc.write(1, textOf(object, asked));
  return 0;
}

function after(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}

function* wrong(proc: Process, words: string): Task<number> {
  yield* proc.write(2, words);
  return 1;
}

function textOf(object: (typeof objects)[number], asked: Asked): string {
  const { proc, family, dev } = asked;
  if (object === "route") {
    const routes = routesOf(proc.machine).filter((one) => one.family === (family ?? 4) && (!dev || one.dev === dev));
    return routes.map((one) => `${routeText(one, dev)}\n`).join("");
  }
  if (object === "neigh")
    return neighboursOf(proc.machine)
      .filter((one) => (!family || ipVersion(one.address) === family) && (!dev || one.dev === dev))
      .map(({ address, dev: on, mac, state }) => {
        const device = dev ? "" : `dev ${on} `;
        return `${address} ${device}lladdr ${mac} ref 1 used 0/0/0 probes 1 ${state}\n`;
      })
      .join("");
  if (object === "rule")
    return "0:\tfrom all lookup local \n32766:\tfrom all lookup main \n32767:\tfrom all lookup default \n";
  if (object === "tunnel") return "";
  const all = linksOf(proc.machine);
  const chosen = all.filter(({ name }) => !dev || name === dev);
  return chosen.map((link) => linkText(link, all, object === "link", asked)).join("");
}

/** It looks the other end of a link up by its number among its own links, wherever that end is. */
function linkText(link: Link, all: readonly Link[], asLink: boolean, { family, oneLine }: Asked): string {
  const { peer, master, queue, qdisc } = link;
  const other = peer && peer.index !== 0 ? all.find(({ index }) => index === peer.index) : undefined;
  const name = !peer ? "" : peer.index === 0 ? "@NONE" : `@${other?.name ?? `if${peer.index}`}`;
  const isDown = peer !== undefined && peer.index !== 0 && !other?.flags.includes("UP");
  const flags = [...link.flags, ...(isDown ? ["M-DOWN"] : [])];
  const addresses = asLink
    ? []
    : shownAddresses(link, {
        family,
        oneLine,
        brief: false,
        json: false,
        pretty: false,
        statistics: false,
        details: false,
      });
  if (!asLink && family !== undefined && addresses.length === 0) return "";
  const shown = addresses.map((one) =>
    addressLines(link, one, {
      family,
      oneLine,
      brief: false,
      json: false,
      pretty: false,
      statistics: false,
      details: false,
    }),
  );
  if (oneLine && !asLink) return shown.join("");
  const discipline = family === 6 && !asLink ? "" : `qdisc ${qdisc} `;
  const head = `${link.index}: ${link.name}${name}: <${flags.join(",")}> mtu ${link.mtu} ${discipline}${master ? `master ${master} ` : ""}${queue ? `qlen ${queue}` : ""}`;
  const hardware = `    link/${link.type} ${link.mac} brd ${link.broadcast}`;
  const isBare = family !== undefined && !asLink;
  return `${head}${isBare ? "" : `${oneLine ? "\\" : "\n"}${hardware}`}\n${shown.join("")}`;
}

function routeText(one: NetworkRoute, dev: string | undefined): string {
  const parts = [
    ...(one.blackhole ? ["blackhole"] : []),
    one.to,
    ...(one.via ? [`via ${one.via}`] : []),
    ...(one.dev && !dev ? [`dev ${one.dev}`] : []),
    ...(one.link ? ["scope link"] : []),
    ...(one.source ? [` src ${one.source}`] : []),
    ...(one.metric ? [` metric ${one.metric}`] : []),
    ...(one.onlink ? ["onlink"] : []),
  ];
  return `${parts.join(" ")} `;
}

function* way(proc: Process, address: string): Task<number> {
  const found = wayTo(proc.machine, address);
  if (!found) return yield* wrong(proc, "ip: RTNETLINK answers: Network is unreachable\n");
  const { via, dev } = found.route;
  const kind = found.local ? "local " : "";
  yield* proc.write(1, `${kind}${address} ${via ? `via ${via} ` : ""}dev ${dev}  src ${found.source} \n`);
  return 0;
}
