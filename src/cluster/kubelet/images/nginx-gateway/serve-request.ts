import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { httpDate } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import { hostOf, pathAndQuery } from "../../../network/http/match.ts";
import { nginxPage } from "../../../network/http/nginx-pages.ts";
import { endToEnd, type Fault, inTurn, passOn } from "../../../network/http/reverse-proxy.ts";
import type { Backend } from "./backends.ts";
import { hostFor } from "./hostnames.ts";
import { entryFor } from "./match-request.ts";
import type { PortTable, TableEntry } from "./routing-table.ts";
import type { Filter, HeaderFilter, PathModifier } from "./types.ts";

/** nginx' own times for a connection and an answer, in seconds (ngx_http_proxy_module). */
const TIMEOUT = 60;

/** A request at a port of the data plane. */
interface Visit {
  readonly proc: Process;
  readonly table: PortTable;
  readonly request: HttpRequest;
  readonly host: string;
}

/** Answers a request as the routes of the Gateway say. */
export function serveRequest(proc: Process, table: PortTable, request: HttpRequest): HttpResponse {
  const { headers, ...response } = answerTo(proc, table, request);
  const { server: _, date: __, connection: ___, "content-type": type, "content-length": length, ...own } = headers;
  const date = httpDate(proc.machine.kernel.clock.now);
  const body = {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(length === undefined ? {} : { "content-length": length }),
  };
  // HTTP/2, which is spoken over TLS, has no connections to keep.
  const kept: Record<string, string> = table.tls ? {} : { connection: "keep-alive" };
  return { ...response, headers: { server: "nginx", date, ...body, ...kept, ...own } };
}

function answerTo(proc: Process, table: PortTable, request: HttpRequest): HttpResponse {
  const host = hostOf(request.headers.host);
  const visit: Visit = { proc, table, request, host };
  const found = hostFor(table.hosts.keys(), host);
  const entry = found === undefined ? undefined : entryFor(table.hosts.get(found)?.entries ?? [], request);
  return entry ? answer(visit, entry) : nginxPage(404);
}

function answer(visit: Visit, entry: TableEntry): HttpResponse {
  const { rule } = entry;
  const of = (type: string) => rule.filters.find((filter) => filter.type === type);
  if (rule.broken) return nginxPage(500);
  const redirect = of("RequestRedirect")?.requestRedirect;
  if (redirect) return redirected(visit, entry, redirect);
  const request = forwarded(
    visit,
    entry,
    of("URLRewrite")?.urlRewrite,
    of("RequestHeaderModifier")?.requestHeaderModifier,
  );
  for (const { backend, share } of rule.mirrors)
    if (visit.proc.machine.kernel.random.fraction() < share) mirror(visit, request, backend);
  const backend = chosen(visit.proc, rule.backends);
  const response = backend ? proxied(visit.proc, request, backend) : nginxPage(500);
  const modifier = of("ResponseHeaderModifier")?.responseHeaderModifier;
  return modifier ? { ...response, headers: modified(response.headers, modifier) } : response;
}

/** The backend of a request, by the weights; undefined where none gets anything. */
function chosen({ machine }: Process, backends: readonly Backend[]): Backend | undefined {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  let at = backends.length > 1 ? machine.kernel.random.fraction() * total : 0;
  return backends.find(({ weight }) => {
    at -= weight;
    return at < 0 && weight > 0;
  });
}

const faults: Readonly<Record<Fault, number>> = {
  refused: 502,
  unreachable: 502,
  nonsense: 502,
  timeout: 504,
  silent: 504,
};

function proxied(proc: Process, request: HttpRequest, { endpoints, group }: Backend): HttpResponse {
  if (!endpoints) return nginxPage(500);
  if (endpoints.length === 0) return nginxPage(503);
  const upstream = { tls: false, connectSeconds: TIMEOUT, readSeconds: TIMEOUT };
  const passed = passOn(proc, request, { ...upstream, endpoints: inTurn(proc, group, endpoints) });
  if (passed.response) return passed.response;
  const last = passed.attempts.at(-1)?.result;
  return { ...nginxPage(typeof last === "string" ? faults[last] : 502), after: passed.seconds };
}

function mirror({ proc }: Visit, request: HttpRequest, { endpoints = [], group }: Backend): void {
  const upstream = { tls: false, connectSeconds: TIMEOUT, readSeconds: TIMEOUT };
  passOn(proc, request, {
    ...upstream,
    endpoints: inTurn(proc, `${group}_mirror`, endpoints, 1),
  }).response?.stream?.close();
}

function redirected(
  { table, request, host }: Visit,
  entry: TableEntry,
  to: NonNullable<Filter["requestRedirect"]>,
): HttpResponse {
  const { path, query } = pathAndQuery(request.path);
  const scheme = to.scheme ?? (table.tls ? "https" : "http");
  const usual = scheme === "https" ? 443 : 80;
  const port = to.port ?? (to.scheme ? usual : table.port);
  const target = to.path ? newPath(path, to.path, entry) : path;
  const location = `${scheme}://${to.hostname ?? host}${port === usual ? "" : `:${port}`}${target}${query === "" ? "" : `?${query}`}`;
  return nginxPage(to.statusCode ?? 302, { location });
}

/** The path with what the filter puts in place of it, or of the prefix that matched. */
function newPath(path: string, change: PathModifier, { match }: TableEntry): string {
  if (change.type === "ReplaceFullPath") return change.replaceFullPath ?? "/";
  const prefix = (match.path?.value ?? "/").replace(/\/+$/, "");
  const rest = path.slice(prefix.length);
  const put = (change.replacePrefixMatch ?? "/").replace(/\/+$/, "");
  return `${put}${rest.startsWith("/") || rest === "" ? rest : `/${rest}`}` || "/";
}

/** The request as the backend sees it (nginx-gateway-fabric internal/controller/nginx/config, 2.4). */
function forwarded(
  { request, table, host }: Visit,
  entry: TableEntry,
  rewrite: Filter["urlRewrite"],
  modifier: HeaderFilter | undefined,
): HttpRequest {
  const { path, query } = pathAndQuery(request.path);
  const target = rewrite?.path ? newPath(path, rewrite.path, entry) : path;
  const from = request.from ?? "";
  const before = request.headers["x-forwarded-for"];
  const headers: Record<string, string> = {
    ...endToEnd(request.headers),
    host: rewrite?.hostname ?? request.headers.host ?? host,
    "x-forwarded-for": before ? `${before}, ${from}` : from,
    "x-forwarded-host": host,
    "x-forwarded-port": String(table.port),
    "x-forwarded-proto": table.tls ? "https" : "http",
    "x-real-ip": from,
  };
  const { clientCertificate: _, ...rest } = request;
  return {
    ...rest,
    path: query === "" ? target : `${target}?${query}`,
    headers: modifier ? modified(headers, modifier) : headers,
  };
}

function modified(
  headers: Readonly<Record<string, string>>,
  { add, set, remove }: HeaderFilter,
): Record<string, string> {
  const made: Record<string, string> = { ...headers };
  for (const { name, value } of set ?? []) made[name.toLowerCase()] = value;
  for (const { name, value } of add ?? []) {
    const known = made[name.toLowerCase()];
    made[name.toLowerCase()] = known ? `${known},${value}` : value;
  }
  for (const name of remove ?? []) delete made[name.toLowerCase()];
  return made;
}
