import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { errnoWords } from "../../../../machine/define.ts";
import { type Fault, passOn } from "../../../network/http/reverse-proxy.ts";
import type { Endpoint } from "../../../network/http/service-endpoints.ts";
import { ConfigFault, type Directive } from "./parse.ts";
import { allNearest, nearest, type Scope } from "./servers.ts";
import { filledIn, type Visit } from "./visit.ts";

interface Target {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** What replaces the location's prefix; undefined leaves the path as it is. */
  readonly uri: string | undefined;
}

function targetOf(url: string): Target | undefined {
  const match = /^(https?):\/\/([^/:]+|\[[^\]]*\])(?::(\d+))?(\/.*)?$/.exec(url);
  if (!match) return undefined;
  const tls = match[1] === "https";
  return { tls, host: match[2] ?? "", port: Number(match[3] ?? (tls ? 443 : 80)), uri: match[4] };
}

/** The addresses of an `upstream` block: "10.0.0.1:80". */
function membersOf(scope: Scope | undefined, name: string): readonly string[] | undefined {
  for (let at = scope; at; at = at.parent) {
    const block = at.directives.find((directive) => directive.name === "upstream" && directive.args[0] === name)?.block;
    if (block)
      return block
        .filter(({ name: word, args }) => word === "server" && !args.includes("down"))
        .map(({ args }) => args[0] ?? "");
  }
  return undefined;
}

/** Passes a request on to another server. What comes back, or the status and the error log's words. */
export function proxied(
  visit: Visit,
  url: string,
):
  | { readonly response: HttpResponse }
  | { readonly status: number; readonly because: string; readonly after?: number } {
  const { proc, request, location } = visit;
  const target = targetOf(url);
  if (!target) return { status: 500, because: `invalid URL prefix in "${url}"` };
  const members = membersOf(visit.server, target.host) ?? [`${target.host}:${target.port}`];
  const rest = visit.path.slice(location?.prefix?.length ?? 0);
  const path =
    target.uri === undefined ? visit.requestUri : `${target.uri}${rest}${visit.query === "" ? "" : `?${visit.query}`}`;
  const headers: Record<string, string> = { ...request.headers, host: url.split("/")[2] ?? "", connection: "close" };
  for (const { args } of allNearest(location ?? visit.server, "proxy_set_header")) {
    const value = filledIn(visit, args[1] ?? "");
    const name = (args[0] ?? "").toLowerCase();
    if (value === "") delete headers[name];
    else headers[name] = value;
  }
  const { machine } = proc;
  const addresses: Endpoint[] = [];
  const turn = turns.get(visit.server) ?? 0;
  turns.set(visit.server, turn + 1);
  for (let i = 0; i < members.length; i++) {
    const [host = "", port = "80"] = (members[(turn + i) % members.length] ?? "").split(":");
    const found = machine.network.resolve(machine, host);
    if (!("addresses" in found)) return { status: 502, because: `${host} could not be resolved (3: Host not found)` };
    addresses.push({ address: found.addresses[0] ?? host, port: Number(port) });
  }
  const seconds = (name: string) => secondsOf(nearest(location ?? visit.server, name)?.args[0]) ?? 60;
  const sent: HttpRequest = { method: request.method, path, headers, body: request.body };
  const connectSeconds = seconds("proxy_connect_timeout");
  const limits = { tls: target.tls, connectSeconds, readSeconds: seconds("proxy_read_timeout") };
  const passed = passOn(proc, sent, { endpoints: addresses, ...limits });
  if (passed.response) return { response: withoutServer(passed.response) };
  const fault = passed.attempts.at(-1)?.result;
  const late = passed.seconds > 0 ? { after: passed.seconds } : {};
  const status = fault === "timeout" || fault === "silent" ? 504 : 502;
  return {
    status,
    because: typeof fault === "string" ? faults[fault] : "no live upstreams while connecting to upstream",
    ...late,
  };
}

/** What the error log says of a member that gave no answer. */
const faults: Readonly<Record<Fault, string>> = {
  refused: `connect() failed (111: ${errnoWords.ECONNREFUSED}) while connecting to upstream`,
  timeout: `upstream timed out (110: ${errnoWords.ETIMEDOUT}) while connecting to upstream`,
  unreachable: `connect() failed (113: ${errnoWords.EHOSTUNREACH}) while connecting to upstream`,
  silent: `upstream timed out (110: ${errnoWords.ETIMEDOUT}) while reading response header from upstream`,
  nonsense: "upstream prematurely closed connection while reading response header from upstream",
};

/** A time of nginx in seconds: 30, 30s, 500ms, 1m. */
function secondsOf(text: string | undefined): number | undefined {
  const [, number, unit = "s"] = /^(\d+)(ms|s|m|h)?$/.exec(text ?? "") ?? [];
  const factors: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return number === undefined ? undefined : Number(number) * (factors[unit] ?? 1);
}

const turns = new WeakMap<object, number>();

function withoutServer(response: HttpResponse): HttpResponse {
  const { server: _server, date: _date, ...headers } = response.headers;
  return { ...response, headers };
}

/** Looks up the names of all upstreams as nginx does when it starts. Throws ConfigFault for one that is not found. */
export function findUpstreams(
  configuration: readonly Directive[],
  resolves: (name: string) => boolean,
  upstreams: ReadonlySet<string> = namesOf(configuration),
): void {
  for (const directive of configuration) {
    const { name, args, block } = directive;
    const url = args[0] ?? "";
    const host = name === "proxy_pass" && !url.includes("$") ? targetOf(url)?.host : undefined;
    if (name === "proxy_pass" && !url.includes("$") && host === undefined)
      throw new ConfigFault("invalid URL prefix", directive);
    if (host !== undefined && !upstreams.has(host) && !resolves(host))
      throw new ConfigFault(`host not found in upstream "${host}"`, directive);
    if (name === "upstream")
      for (const member of block ?? []) {
        const of = (member.args[0] ?? "").split(":")[0] ?? "";
        if (member.name === "server" && !resolves(of))
          throw new ConfigFault(`host not found in upstream "${member.args[0]}"`, member);
      }
    if (block) findUpstreams(block, resolves, upstreams);
  }
}

function namesOf(configuration: readonly Directive[]): ReadonlySet<string> {
  const http = configuration.find(({ name }) => name === "http")?.block ?? [];
  return new Set(http.filter(({ name }) => name === "upstream").map(({ args }) => args[0] ?? ""));
}
