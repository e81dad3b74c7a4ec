import { cidrText, ipVersion, parseIp } from "../../../base/cidr.ts";
import type { NetworkRoute } from "../../../cluster/network/links/define.ts";
import { isGone, setRoute } from "../../../cluster/network/links/link-state.ts";
import { isDropped, linksOf, routesOf, wayTo } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import { rangeOf } from "./choose-links.ts";
import { type IpCall, IpFault, type IpObject, keyword, refuseChange, unknownCommand } from "./define.ts";
import { type JsonValue, jsonText } from "./json-text.ts";
import { type LocalRoute, localRoutes } from "./local-routes.ts";

const USAGE = `Usage: ip route { list | flush } SELECTOR
       ip route save SELECTOR
       ip route restore
       ip route showdump
       ip route get [ ROUTE_GET_FLAGS ] ADDRESS
                            [ from ADDRESS iif STRING ]
                            [ oif STRING ] [ tos TOS ]
                            [ mark NUMBER ] [ vrf NAME ]
                            [ uid NUMBER ] [ ipproto PROTOCOL ]
                            [ sport NUMBER ] [ dport NUMBER ]
       ip route { add | del | change | append | replace } ROUTE
`;

const commands = [
  "add",
  "change",
  "chg",
  "replace",
  "prepend",
  "append",
  "test",
  "delete",
  "list",
  "show",
  "lst",
  "get",
  "flush",
  "save",
  "help",
] as const;
const reading = new Set(["list", "show", "lst"]);

/** `ip route`. */
export const route: IpObject = {
  name: "route",
  *run(call) {
    const [word = "list", ...rest] = call.words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "route");
    if (command === "help") {
      yield* call.proc.write(2, USAGE);
      return 255;
    }
    const inner = { ...call, words: rest };
    if (command === "get") return yield* get(inner);
    if (reading.has(command)) return yield* show(inner);
    const network = checkRoute(call, rest, command === "delete");
    const { machine } = call.proc;
    const isHost = machine.net === (machine.host ?? machine).net;
    if (network === undefined || !isHost) return refuseChange(call, "routes");
    setRoute(machine.host ?? machine, network, command === "delete" ? "gone" : "there");
    return 0;
  },
};

/**
 * What the kernel would say of a route that somebody adds or takes away, where that is an error. Gives back the network
 * of a route that can be taken away here, or laid again: those to pods of other nodes, and the default.
 */
function checkRoute(call: IpCall, words: readonly string[], takesAway: boolean): string | undefined {
  const { machine } = call.proc;
  const after = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const target = words.find((_, i) => i === 0 || words[i - 1] === "to") ?? "";
  if (target !== "default" && target !== "blackhole" && target !== "unreachable") rangeOf(target);
  const dev = after("dev");
  if (dev !== undefined && !linksOf(machine).some(({ name }) => name === dev))
    throw new IpFault(`Cannot find device "${dev}"`, 1);
  if (call.proc.credentials.uid !== 0) return undefined;
  const text = target === "default" ? target : cidrText(rangeOf(target));
  const found = routesOf(machine).find(({ to }) => to === text || `${to}/32` === text);
  const there = found !== undefined;
  if (takesAway && !there) throw new IpFault("RTNETLINK answers: No such process", 2);
  if (takesAway) return found?.via === undefined ? undefined : text;
  if (there) throw new IpFault("RTNETLINK answers: File exists", 2);
  const via = after("via");
  const way = via === undefined ? undefined : wayTo(machine, via);
  if (via !== undefined && !words.includes("onlink") && (!way || way.route.via !== undefined))
    throw new IpFault("Error: Nexthop has invalid gateway.", 2);
  if (via === undefined && dev === undefined) throw new IpFault("RTNETLINK answers: No such device", 2);
  return isGone(machine.host ?? machine, text) && via !== undefined ? text : undefined;
}

interface Filter {
  to?: string;
  dev?: string;
  via?: string;
  protocol?: string;
  scope?: string;
  table: string;
}

/** The numbers and names of the kernel's own tables (/etc/iproute2/rt_tables). */
const tables: Readonly<Record<string, string>> = {
  main: "main",
  254: "main",
  local: "local",
  255: "local",
  default: "default",
  253: "default",
  all: "all",
  0: "all",
  unspec: "all",
};

function readFilter(words: readonly string[]): Filter {
  const filter: Filter = { table: "main" };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const value = () => {
      const next = words[++i];
      if (next === undefined) throw new IpFault('Command line is not complete. Try option "help"', 255);
      return next;
    };
    if (word === "dev" || word === "oif") filter.dev = value();
    else if (word === "via") filter.via = value();
    else if (begins2(word, "protocol")) filter.protocol = value();
    else if (begins2(word, "scope")) filter.scope = value();
    else if (begins2(word, "table")) {
      const named = value();
      const table = tables[named] ?? (/^\d+$/.test(named) ? "none" : undefined);
      if (table === undefined)
        throw new IpFault(`Error: argument "${named}" is wrong: table id value is invalid\n`, 255);
      filter.table = table;
    } else {
      const to = ["to", "exact", "root", "match"].includes(word) ? value() : word;
      if (word === "root" || word === "match") throw new IpFault(`ip: route show ${word} is not simulated`, 1);
      filter.to = to === "default" || to === "0/0" || to === "0.0.0.0/0" ? "default" : cidrText(rangeOf(to));
    }
  }
  return filter;
}

function begins2(word: string, name: string): boolean {
  return word.length >= 2 && name.startsWith(word);
}

function* show(call: IpCall): Task<number> {
  const { proc, options } = call;
  const filter = readFilter(call.words);
  if (filter.dev !== undefined && !linksOf(proc.machine).some(({ name }) => name === filter.dev))
    throw new IpFault(`Cannot find device "${filter.dev}"`, 1);
  const family = options.family ?? (filter.to?.includes(":") ? 6 : filter.table === "all" ? undefined : 4);
  const shown = tableRows(call, filter.table).filter(
    ({ one }) => (family ?? one.family) === one.family && fits(one, filter),
  );
  if (options.json) {
    yield* proc.write(
      1,
      `${jsonText(
        shown.map(({ one, local: kind }) => routeJson(one, kind)),
        options.pretty,
      )}\n`,
    );
    return 0;
  }
  for (const { one, local: kind } of shown)
    yield* proc.write(
      1,
      `${kind ? `${kind} ` : ""}${routeText(one, { ...filter, inAll: filter.table === "all" && kind !== undefined, isLocal: kind === "local" })}\n`,
    );
  return 0;
}

interface Row {
  readonly one: NetworkRoute;
  readonly local: LocalRoute["kind"] | undefined;
}

function tableRows({ proc }: IpCall, table: string): readonly Row[] {
  const all = table === "all";
  const main = table === "main" || all ? routesOf(proc.machine).map((one): Row => ({ one, local: undefined })) : [];
  const links = linksOf(proc.machine);
  const local =
    table === "local" || all ? localRoutes(links).map(({ kind, route: one }): Row => ({ one, local: kind })) : [];
  return [...main, ...local].sort((a, b) => a.one.family - b.one.family);
}

function fits(one: NetworkRoute, { to, dev, via, protocol, scope }: Filter): boolean {
  if (to !== undefined && to !== one.to && to !== `${one.to}/32` && to !== `${one.to}/128`) return false;
  if (dev !== undefined && dev !== one.dev) return false;
  if (via !== undefined && via !== one.via) return false;
  if (protocol !== undefined && protocol !== (one.protocol ?? "boot")) return false;
  return scope === undefined || scope === (one.link ? "link" : "global");
}

/** A route as a line; what was asked for is left out. */
function routeText(one: NetworkRoute, asked: Partial<Filter> & { inAll?: boolean; isLocal?: boolean }): string {
  const parts = [one.blackhole ? `blackhole ${one.to}` : one.to];
  if (one.via !== undefined && asked.via === undefined) parts.push(`via ${one.via}`);
  if (one.dev !== undefined && asked.dev === undefined) parts.push(`dev ${one.dev}`);
  if (asked.inAll) parts.push("table local");
  if (one.protocol && asked.protocol === undefined) parts.push(`proto ${one.protocol}`);
  if (one.link && asked.scope === undefined) parts.push("scope link");
  if (asked.isLocal && one.family === 4) parts.push("scope host");
  if (one.source !== undefined) parts.push(`src ${one.source}`);
  if (one.metric !== undefined) parts.push(`metric ${one.metric}`);
  if (one.onlink) parts.push("onlink");
  if (one.mtu !== undefined) parts.push(`mtu ${one.mtu}`);
  return one.family === 6 ? `${parts.join(" ")} pref medium` : `${parts.join(" ")} `;
}

function routeJson(one: NetworkRoute, kind: Row["local"]): JsonValue {
  return {
    ...(one.blackhole ? { type: "blackhole" } : kind ? { type: kind } : {}),
    dst: one.to,
    ...(one.via === undefined ? {} : { gateway: one.via }),
    ...(one.dev === undefined ? {} : { dev: one.dev }),
    ...(one.protocol ? { protocol: one.protocol } : {}),
    ...(one.link ? { scope: "link" } : {}),
    ...(one.source === undefined ? {} : { prefsrc: one.source }),
    ...(one.metric === undefined ? {} : { metric: one.metric }),
    flags: one.onlink ? ["onlink"] : [],
    ...(one.mtu === undefined ? {} : { metrics: [{ mtu: one.mtu }] }),
    ...(one.family === 6 ? { pref: "medium" } : {}),
  };
}

function* get(call: IpCall): Task<number> {
  const { proc, options, words } = call;
  const asked = words[0] === "to" ? words[1] : words[0];
  if (asked === undefined) throw new IpFault("need at least a destination address", 1);
  const extra = words.slice(words[0] === "to" ? 2 : 1);
  if (extra.length > 0) throw new IpFault(`ip: route get … ${extra[0]} is not simulated`, 1);
  const target = asked.replace(/\/(32|128)$/, "");
  if (!parseIp(target)) throw new IpFault(`Error: any valid prefix is expected rather than "${asked}".`, 1);
  const way = wayTo(proc.machine, target);
  if (!way)
    throw new IpFault(
      `RTNETLINK answers: ${isDropped(proc.machine, target) ? "Invalid argument" : "Network is unreachable"}`,
      2,
    );
  const { uid } = proc.credentials;
  const { via, dev = "" } = way.route;
  if (options.json) {
    const item = {
      ...(way.local ? { type: "local" } : {}),
      dst: target,
      ...(via ? { gateway: via } : {}),
      dev,
      prefsrc: way.source,
      flags: [],
      uid,
      cache: way.local ? ["local"] : [],
    };
    yield* proc.write(1, `${jsonText([item], options.pretty)}\n`);
    return 0;
  }
  if (ipVersion(target) === 6) {
    const proto = way.route.protocol ?? "";
    const rest = way.local ? "proto kernel" : `${proto ? `proto ${proto} ` : ""}`.trim();
    const metric = way.local ? 0 : (way.route.metric ?? 1024);
    yield* proc.write(
      1,
      `${way.local ? "local " : ""}${target} from :: ${via ? `via ${via} ` : ""}dev ${dev} ${way.local ? "table local " : ""}${rest ? `${rest} ` : ""}src ${way.source} metric ${metric} pref medium\n`,
    );
    return 0;
  }
  yield* proc.write(
    1,
    `${way.local ? "local " : ""}${target} ${via ? `via ${via} ` : ""}dev ${dev} src ${way.source} uid ${uid} \n    cache ${way.local ? "<local> " : ""}\n`,
  );
  return 0;
}
