import { type GuestRegex, guestRegex } from "../../../../base/regex.ts";
import { ConfigFault, type Directive } from "./parse.ts";

/** An address that a server block listens on. */
export interface Listen {
  readonly address: string;
  readonly port: number;
  readonly ssl: boolean;
  readonly isDefault: boolean;
}

/** A place in the configuration with all that encloses it: what is not said in it is looked for further out. */
export interface Scope {
  readonly directives: readonly Directive[];
  readonly parent: Scope | undefined;
}

/** A `server` block. */
export interface Server extends Scope {
  readonly names: readonly string[];
  readonly listens: readonly Listen[];
  readonly at: Directive;
}

/** The server blocks of a configuration, each with the addresses that it listens on. Throws ConfigFault. */
export function serversOf(configuration: readonly Directive[]): readonly Server[] {
  const main: Scope = { directives: configuration, parent: undefined };
  const http = configuration.find(({ name }) => name === "http");
  if (!http?.block) return [];
  const outer: Scope = { directives: http.block, parent: main };
  const servers = http.block.flatMap((at): Server[] => {
    if (at.name !== "server") return [];
    const directives = at.block ?? [];
    const listens = directives.filter(({ name }) => name === "listen").map(listenOf);
    const names = directives.filter(({ name }) => name === "server_name").flatMap(({ args }) => args);
    const usual: Listen = { address: "0.0.0.0", port: 80, ssl: false, isDefault: false };
    return [{ at, directives, parent: outer, names, listens: listens.length > 0 ? listens : [usual] }];
  });
  const defaults = new Map<string, Server>();
  for (const server of servers)
    for (const { address, port, isDefault } of server.listens) {
      const key = `${address}:${port}`;
      if (!isDefault) continue;
      if (defaults.has(key)) throw new ConfigFault(`a duplicate default server for ${key}`, server.at);
      defaults.set(key, server);
    }
  return servers;
}

function listenOf(directive: Directive): Listen {
  const [where = "", ...options] = directive.args;
  const invalid = (words: string): never => {
    throw new ConfigFault(`${words} of the "listen" directive`, directive);
  };
  const bad = options.find((option) => !known.test(option));
  if (bad !== undefined) throw new ConfigFault(`invalid parameter "${bad}"`, directive);
  const more = { ssl: options.includes("ssl"), isDefault: options.includes("default_server") };
  const match = /^(?:(\[[0-9a-fA-F:]*\]|[\w.*-]+):)?(\d+)$/.exec(where);
  if (match) {
    const port = Number(match[2]);
    if (port < 1 || port > 65535) return invalid(`invalid port in "${where}"`);
    return { address: addressOf(match[1]), port, ...more };
  }
  if (where.startsWith("unix:")) return { address: where, port: 0, ...more };
  if (/^[\d.]+$/.test(where) || /^\[.*\]$/.test(where)) return { address: addressOf(where), port: 80, ...more };
  return invalid(where.includes(":") ? `invalid port in "${where}"` : `host not found in "${where}"`);
}

const known =
  /^(default_server|ssl|http2|quic|reuseport|deferred|proxy_protocol|bind|ipv6only=(on|off)|backlog=\d+|rcvbuf=\w+|sndbuf=\w+|fastopen=\d+|setfib=\d+|so_keepalive=.+|accept_filter=.+)$/;

function addressOf(text: string | undefined): string {
  if (text === undefined || text === "*") return "0.0.0.0";
  return text.startsWith("[") ? text.slice(1, -1) : text;
}

/** The nearest directive of a name, from the inside out. */
export function nearest(scope: Scope | undefined, name: string): Directive | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.directives.findLast((directive) => directive.name === name);
    if (found) return found;
  }
  return undefined;
}

/** All directives of a name in the innermost place that has any. */
export function allNearest(scope: Scope | undefined, name: string): readonly Directive[] {
  for (let at = scope; at; at = at.parent) {
    const found = at.directives.filter((directive) => directive.name === name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The server block for a host name: exact, *.name, name.*, a pattern, else the default one. */
export function chosen(
  servers: readonly Server[],
  host: string,
  on: (server: Server) => Listen | undefined,
): Server | undefined {
  const fits = (test: (name: string) => boolean) => servers.find(({ names }) => names.some(test));
  const pattern = (name: string): GuestRegex | undefined =>
    name.startsWith("~") ? guestRegex(name.slice(1)) : undefined;
  return (
    fits((name) => name === host) ??
    fits((name) => name.startsWith("*.") && host.endsWith(name.slice(1))) ??
    fits((name) => name.endsWith(".*") && host.startsWith(name.slice(0, -1))) ??
    fits((name) => pattern(name)?.test(host) ?? false) ??
    servers.find((server) => on(server)?.isDefault) ??
    servers[0]
  );
}
