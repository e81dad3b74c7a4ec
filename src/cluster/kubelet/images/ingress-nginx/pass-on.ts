import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { hostOf, pathAndQuery } from "../../../network/http/match.ts";
import { nginxPage } from "../../../network/http/nginx-pages.ts";
import { endToEnd, inTurn, passOn } from "../../../network/http/reverse-proxy.ts";
import type { Endpoint } from "../../../network/http/service-endpoints.ts";
import { logFailures, statusOf } from "./access-log.ts";
import type { Site } from "./answer.ts";
import type { Backend } from "./backends.ts";
import { cookieOf, goesToCanary } from "./canaries.ts";
import type { Location } from "./configuration.ts";
import { rewritten } from "./locations.ts";
import type { Visit } from "./visit.ts";

/** Where nginx' own default server listens, as the log names it. */
const OWN: Endpoint = { address: "127.0.0.1", port: 8181 };

/** No client waits for more. */
const MOST_TRIES = 50;

/** Passes a request on to the backend of a location. */
export function proxied(site: Site, visit: Visit, location: Location, path: string): HttpResponse {
  const { settings } = location;
  const backend = chosen(site, visit, location);
  if (!backend) return defaultAnswer(site, visit, location, path);
  const fallback = ownDefault(site, location);
  const endpoints = resolved(site, backend.endpoints);
  if (endpoints.length === 0) return fallback.length > 0 ? send(site, visit, location, path, fallback) : nginxPage(503);
  const sticky = settings.text("affinity") === "cookie" ? stuck(visit, location, backend, endpoints) : undefined;
  const wanted = settings.number("proxy-next-upstream-tries") ?? site.globals().tries;
  const tries = wanted > 0 ? Math.min(wanted, MOST_TRIES) : endpoints.length;
  const ordered = sticky ? [...sticky.endpoints, ...endpoints] : inTurn(site.proc, backend.name, endpoints, tries);
  const answer = send(site, visit, location, path, ordered.slice(0, tries));
  const errors = (settings.text("custom-http-errors") ?? "").split(",").map(Number);
  const caught = settings.text("custom-http-errors") === undefined ? site.globals().errors : errors;
  if (caught.includes(answer.status)) return replaced(site, visit, location, answer.status, fallback);
  return sticky?.cookie === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, "set-cookie": sticky.cookie } };
}

/** The backend of a location, or the canary that has its share of it. */
function chosen(site: Site, visit: Visit, { backend }: Location): Backend | undefined {
  if (!backend) return undefined;
  const { alternative } = backend;
  if (!alternative || alternative.endpoints.length === 0) return backend;
  if (!goesToCanary(alternative, visit.request, site.proc.machine.kernel.random)) return backend;
  visit.alternative = alternative.name;
  return alternative;
}

/** The endpoints of the annotation default-backend. */
function ownDefault(site: Site, { settings, from }: Location): readonly Endpoint[] {
  const service = settings.text("default-backend");
  return service === undefined ? [] : site.endpoints(`${from?.metadata.namespace}/${service}`);
}

/** What answers where no rule fits: --default-backend-service, else nginx' own 404. */
function defaultAnswer(site: Site, visit: Visit, location: Location, path: string): HttpResponse {
  const endpoints = site.defaultService === undefined ? [] : site.endpoints(site.defaultService);
  if (endpoints.length > 0) return send(site, visit, location, path, inTurn(site.proc, "default", endpoints));
  const page = nginxPage(404);
  visit.attempts = [{ endpoint: OWN, result: page, seconds: 0 }];
  return page;
}

/** Names of ExternalName Services are looked up; what is not found is no endpoint. */
function resolved({ proc }: Site, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const { machine } = proc;
  return endpoints.flatMap(({ address, port }) => {
    if (/^[\d.]+$/.test(address) || address.includes(":")) return [{ address, port }];
    const found = machine.network.resolve(machine, address);
    return "addresses" in found ? found.addresses.map((one) => ({ address: one, port })) : [];
  });
}

function send(
  site: Site,
  visit: Visit,
  location: Location,
  path: string,
  endpoints: readonly Endpoint[],
): HttpResponse {
  const { settings } = location;
  const globals = site.globals();
  const protocol = (settings.text("backend-protocol") ?? "HTTP").trim().toUpperCase();
  const { query } = pathAndQuery(visit.request.path);
  const target = rewritten(location, path);
  const tls = protocol === "HTTPS" || protocol === "GRPCS" || (protocol === "AUTO_HTTP" && visit.scheme === "https");
  const request: HttpRequest = {
    method: visit.request.method,
    path: query === "" ? target : `${target}?${query}`,
    headers: headersFor(visit, location),
    body: visit.request.body,
  };
  const passed = passOn(site.proc, request, {
    endpoints,
    tls,
    connectSeconds: positive(settings.number("proxy-connect-timeout")) ?? globals.connectSeconds,
    readSeconds: positive(settings.number("proxy-read-timeout")) ?? globals.readSeconds,
  });
  visit.attempts = passed.attempts;
  visit.seconds = passed.seconds;
  logFailures(site.proc, visit, tls, request.path);
  if (passed.response) return passed.response;
  const last = passed.attempts.at(-1);
  const page = nginxPage(last ? statusOf(last) : 502);
  return passed.seconds > 0 ? { ...page, after: passed.seconds } : page;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/** The headers that the upstream gets (rootfs/etc/nginx/template/nginx.tmpl, 1.13). */
function headersFor({ request, client, scheme, id }: Visit, { settings }: Location): Record<string, string> {
  const host = request.headers.host ?? "";
  const prefix = settings.text("x-forwarded-prefix");
  const before = request.headers["x-forwarded-for"];
  const { proxy: _, ...kept } = endToEnd(request.headers);
  return {
    ...kept,
    host: settings.text("upstream-vhost") ?? host,
    "x-request-id": id,
    "x-real-ip": client,
    "x-forwarded-for": client,
    "x-forwarded-host": host,
    "x-forwarded-port": scheme === "https" ? "443" : "80",
    "x-forwarded-proto": scheme,
    "x-forwarded-scheme": scheme,
    "x-scheme": scheme,
    ...(before === undefined ? {} : { "x-original-forwarded-for": before }),
    ...(prefix === undefined ? {} : { "x-forwarded-prefix": prefix }),
  };
}

/** The endpoint that a client's cookie names, and the cookie that a new client gets. */
function stuck(
  { request, proc }: Visit,
  { settings, path }: Location,
  { name }: Backend,
  endpoints: readonly Endpoint[],
): { readonly endpoints: readonly Endpoint[]; readonly cookie: string | undefined } {
  const cookie = settings.text("session-cookie-name") ?? "INGRESSCOOKIE";
  const { random, clock } = proc.machine.kernel;
  const known = cookieOf(request.headers.cookie, cookie);
  const key =
    known ?? `${(clock.now / 1_000_000).toFixed(3)}.${random.below(900) + 100}.${random.below(1e6)}|${digest(name)}`;
  const endpoint = endpoints[Number.parseInt(digest(key).slice(0, 8), 16) % endpoints.length];
  const age = settings.number("session-cookie-max-age");
  const site = settings.text("session-cookie-samesite");
  const parts = [
    `${cookie}=${key}`,
    ...(age === undefined ? [] : [`Max-Age=${age}`]),
    `Path=${settings.text("session-cookie-path") ?? path}`,
    ...(settings.is("session-cookie-secure") ? ["Secure"] : []),
    "HttpOnly",
    ...(site === undefined ? [] : [`SameSite=${site}`]),
  ];
  return { endpoints: endpoint ? [endpoint] : [], cookie: known === undefined ? parts.join("; ") : undefined };
}

/** A number of a text that is the same for the same text, in 32 hexadecimal digits (FNV-1a, four times). */
function digest(text: string): string {
  let whole = "";
  for (let seed = 0; seed < 4; seed++) {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    whole += hash.toString(16).padStart(8, "0");
  }
  return whole;
}

/** custom-http-errors: the default backend words the error; without one, nginx' own 404 does. */
function replaced(
  site: Site,
  visit: Visit,
  { from }: Location,
  status: number,
  fallback: readonly Endpoint[],
): HttpResponse {
  const service = site.defaultService === undefined ? [] : site.endpoints(site.defaultService);
  const endpoints = fallback.length > 0 ? fallback : service;
  if (endpoints.length === 0) return nginxPage(404);
  const { request, id } = visit;
  const own = {
    "x-code": String(status),
    "x-format": request.headers.accept ?? "",
    "x-original-uri": request.path,
    "x-namespace": from?.metadata.namespace ?? "",
    "x-ingress-name": from?.metadata.name ?? "",
    "x-request-id": id,
  };
  const { connectSeconds, readSeconds } = site.globals();
  const headers = { ...endToEnd(request.headers), ...own, host: hostOf(request.headers.host) };
  const asked: HttpRequest = { method: "GET", path: "/", headers };
  const { response } = passOn(site.proc, asked, { endpoints, tls: false, connectSeconds, readSeconds });
  return response ?? nginxPage(404);
}
