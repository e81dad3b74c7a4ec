import type { BuiltGateway } from "./graph.ts";
import type { ServedRule } from "./rules.ts";
import type { RouteMatch } from "./types.ts";

/** A match of a rule, with what its route says of its kind. */
export interface TableEntry {
  readonly match: RouteMatch;
  readonly rule: ServedRule;
  readonly grpc: boolean;
}

/** What is served under one host of a port. */
export interface HostTable {
  readonly certificate: string | undefined;
  /** The best match first. */
  readonly entries: readonly TableEntry[];
}

/** A port of a Gateway's data plane: hosts, "" for all. */
export interface PortTable {
  readonly port: number;
  readonly tls: boolean;
  readonly hosts: ReadonlyMap<string, HostTable>;
}

/** What the data plane of a Gateway serves. */
export function routingTable({ listeners, served }: BuiltGateway): readonly PortTable[] {
  const ports = new Map<
    number,
    { tls: boolean; hosts: Map<string, { certificate: string | undefined; entries: TableEntry[] }> }
  >();
  for (const listener of listeners) {
    if (!listener.valid) continue;
    const { port, protocol, hostname = "" } = listener.source;
    const tls = protocol === "HTTPS";
    const table = ports.get(port) ?? { tls, hosts: new Map() };
    ports.set(port, table);
    const at = (host: string) => {
      const known = table.hosts.get(host) ?? { certificate: listener.certificate, entries: [] };
      table.hosts.set(host, known);
      return known;
    };
    if (tls) at(hostname);
    for (const { route, rules, hosts } of served)
      for (const host of hosts.get(listener) ?? [])
        at(host).entries.push(
          ...rules.flatMap((rule) => rule.matches.map((match) => ({ match, rule, grpc: route.kind === "GRPCRoute" }))),
        );
  }
  return [...ports]
    .sort(([a], [b]) => a - b)
    .map(([port, { tls, hosts }]) => ({
      port,
      tls,
      hosts: new Map(
        [...hosts].map(([host, { certificate, entries }]) => [
          host,
          { certificate, entries: entries.toSorted(better) },
        ]),
      ),
    }));
}

/** Exact paths, then patterns (as nginx has it), then the longest prefix; then a method, the most headers, the most parameters. */
function better(a: TableEntry, b: TableEntry): number {
  const [x, y] = [rank(a), rank(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return (y[i] ?? 0) - (x[i] ?? 0);
  return 0;
}

function rank({ match, grpc }: TableEntry): readonly number[] {
  const { method, headers = [], queryParams = [], path = {} } = match;
  if (grpc) {
    const { service = "", method: called = "" } = typeof method === "object" ? method : {};
    return [service.length, called.length, headers.length];
  }
  const { type = "PathPrefix", value = "/" } = path;
  const kind = { Exact: 2, RegularExpression: 1 }[type] ?? 0;
  return [kind, value.length, method ? 1 : 0, headers.length, queryParams.length];
}
