import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import { httpDate } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import { byHost, hostFits, hostOf, pathAndQuery } from "../../../network/http/match.ts";
import { nginxPage } from "../../../network/http/nginx-pages.ts";
import type { Endpoint } from "../../../network/http/service-endpoints.ts";
import { authenticated, type FindSecret, isBarred, isTooMuch, passwordsOf } from "./access.ts";
import { accessLine } from "./access-log.ts";
import type { Configuration, Location, Server } from "./configuration.ts";
import { corsHeaders } from "./cors.ts";
import type { Globals } from "./globals.ts";
import { locationFor } from "./locations.ts";
import { proxied } from "./pass-on.ts";
import type { Visit } from "./visit.ts";

/** What nginx serves by at the moment. */
export interface Site {
  readonly proc: Process;
  configuration(): Configuration;
  globals(): Globals;
  readonly secret: FindSecret;
  /** The endpoints of the first port of a Service, "namespace/name". */
  endpoints(service: string): readonly Endpoint[];
  /** --default-backend-service, "namespace/name". */
  readonly defaultService: string | undefined;
}

const connections = new WeakMap<Process, number>();

/** What nginx answers to a request on one of its ports. */
export function answer(site: Site, request: HttpRequest, scheme: Visit["scheme"]): HttpResponse {
  const visit = begun(site, request, scheme);
  const { path } = pathAndQuery(request.path);
  const server = serverFor(site.configuration(), hostOf(request.headers.host));
  visit.server = server.name;
  const location = locationFor(server, path) ?? (server.locations[0] as Location);
  visit.upstream = location.backend?.name ?? "upstream-default-backend";
  const response = finished(site, visit, location, decided(site, visit, server, location, path));
  log(site, visit, location, response);
  return response;
}

function begun({ proc, globals }: Site, request: HttpRequest, scheme: Visit["scheme"]): Visit {
  const { headers, from = "" } = request;
  const number = (connections.get(proc) ?? 0) + 1;
  connections.set(proc, number);
  const forwarded = globals().useForwardedHeaders ? headers["x-forwarded-for"]?.split(",")[0]?.trim() : undefined;
  return {
    proc,
    request,
    scheme,
    client: forwarded ?? from,
    id: headers["x-request-id"] ?? proc.machine.kernel.random.hex(32),
    number,
    server: "",
    user: "",
    upstream: "",
    alternative: "",
    attempts: [],
    seconds: 0,
  };
}

/** The server of a host: its own, one that has it as an alias, that of a wildcard one label above, else the one for all others. */
export function serverFor({ servers }: Configuration, host: string): Server {
  const own = host === "_" ? undefined : servers.get(host);
  if (own) return own;
  const all = [...servers.values()];
  const alias = all.find(({ aliases }) => aliases.some((one) => hostFits(one, host)));
  return alias ?? byHost(servers, host) ?? (servers.get("_") as Server);
}

/** Whether a host has a certificate of its own, be it the default one: only then plain requests are sent to HTTPS. */
function hasCertificate({ servers }: Configuration, host: string): boolean {
  const server = host === "_" ? undefined : byHost(servers, host);
  return server?.certificate !== undefined && server.name !== "_";
}

function decided(site: Site, visit: Visit, server: Server, location: Location, path: string): HttpResponse {
  const { request } = visit;
  const { settings } = location;
  const globals = site.globals();
  const limit = bytesIn(settings.text("proxy-body-size") ?? globals.bodySize);
  if (limit > 0 && typeof request.body === "string" && byteLength(request.body) > limit) return nginxPage(413);
  const root = server.locations.map((one) => one.settings.text("app-root")).find((one) => one !== undefined);
  if (root !== undefined && path === "/")
    return nginxPage(302, { location: `${visit.scheme}://${request.headers.host ?? ""}${root}` });
  const passwords = passwordsOf(location, site.secret);
  if (settings.denied !== undefined || (passwords && "denied" in passwords)) return nginxPage(503);
  if (settings.is("enable-cors") && request.method === "OPTIONS")
    return { status: 204, headers: { "content-type": "text/plain charset=UTF-8", "content-length": "0" }, body: "" };
  const elsewhere = redirected(site, visit, location);
  if (elsewhere) return elsewhere;
  if (isTooMuch(site.proc, visit.client, location)) return nginxPage(503);
  if (isBarred(visit.client, location, globals)) return nginxPage(403);
  if (passwords) {
    const user = authenticated(request, location, passwords.users);
    if (typeof user !== "string") return user;
    visit.user = user;
  }
  return proxied(site, visit, location, path);
}

/** permanent-redirect, temporal-redirect, and to HTTPS where there is a certificate or it is forced. */
function redirected(site: Site, visit: Visit, { settings }: Location): HttpResponse | undefined {
  const { request, scheme } = visit;
  const permanent = settings.text("permanent-redirect");
  const temporal = settings.text("temporal-redirect");
  if (temporal !== undefined) {
    const code = settings.number("temporal-redirect-code");
    return nginxPage(code !== undefined && [301, 302, 303, 307, 308].includes(code) ? code : 302, {
      location: temporal,
    });
  }
  if (permanent !== undefined) {
    const code = settings.number("permanent-redirect-code");
    const location = permanent
      .replaceAll("$request_uri", request.path)
      .replaceAll("$host", hostOf(request.headers.host));
    return nginxPage(code !== undefined && code >= 300 && code <= 308 ? code : 301, { location });
  }
  const globals = site.globals();
  if (scheme === "https" || (globals.useForwardedHeaders && request.headers["x-forwarded-proto"] === "https"))
    return undefined;
  const host = hostOf(request.headers.host);
  const forced = settings.is("force-ssl-redirect") ?? globals.forceSslRedirect;
  const wished = settings.is("ssl-redirect") ?? globals.sslRedirect;
  if (!forced && !(wished && hasCertificate(site.configuration(), host))) return undefined;
  return nginxPage(globals.redirectCode, { location: `https://${host}${request.path}` });
}

/** The bytes that a size of nginx stands for: 1m. */
function bytesIn(text: string): number {
  const [, number = "0", unit = ""] = /^(\d+)([bkmg]?)$/i.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
  return Number(number) * (factors[unit.toLowerCase()] ?? 1);
}

/** The headers that every answer has. */
function finished(site: Site, visit: Visit, { settings }: Location, given: HttpResponse): HttpResponse {
  const { proc, request, scheme } = visit;
  const globals = site.globals();
  const { "content-type": type, "content-length": told, server: _server, date: _date, ...own } = given.headers;
  const length = typeof given.body === "string" ? String(byteLength(given.body)) : undefined;
  const isSecure = scheme === "https" && hasCertificate(site.configuration(), hostOf(request.headers.host));
  const hsts = `max-age=${globals.hstsMaxAge}${globals.hstsSubdomains ? "; includeSubDomains" : ""}`;
  const size = given.stream ? undefined : (told ?? length);
  const headers: Record<string, string> = {
    server: globals.serverTokens ? "nginx" : "",
    date: httpDate(proc.machine.kernel.clock.now),
    ...(type === undefined ? {} : { "content-type": type }),
    ...(size === undefined ? {} : { "content-length": size }),
    ...(scheme === "https" ? {} : { connection: "keep-alive" }),
    ...own,
    ...corsHeaders(settings, request),
    ...(isSecure && globals.hsts ? { "strict-transport-security": hsts } : {}),
  };
  return { ...given, headers, ...(request.method === "HEAD" ? { body: "" } : {}) };
}

function log(site: Site, visit: Visit, { settings, isDefault, from }: Location, { status, body }: HttpResponse): void {
  const { proc } = site;
  const globals = site.globals();
  if (globals.disableAccessLog || settings.is("enable-access-log") === false) return;
  if (isDefault && !from && !globals.logsDefaultBackend && visit.server === "_") return;
  const text = typeof body === "string" ? body : "";
  const write = () => {
    if (proc.state === "running") proc.fds.get(1)?.write?.(accessLine(visit, status, text));
  };
  if (visit.seconds > 0) proc.machine.kernel.clock.after(visit.seconds, write);
  else write();
}
