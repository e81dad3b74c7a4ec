import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import { civilTime } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import { endToEnd, inTurn, passOn } from "../../../network/http/reverse-proxy.ts";
import { type Step, through, wordsOf } from "./middlewares.ts";
import type { EntryPoint, Options } from "./options.ts";
import type { Group, Router } from "./routers.ts";

/** What Traefik serves by at the moment. */
export interface Site {
  readonly proc: Process;
  readonly options: Options;
  /** The routers, those with the highest priority first. */
  routers(): readonly Router[];
  /** The steps of a middleware by its name: namespace-name@kubernetescrd; undefined where there is none such. */
  steps(name: string, scheme: "http" | "https"): readonly Step[] | undefined;
}

/** What Traefik answers at an entry point. */
export function answer(site: Site, entry: EntryPoint, request: HttpRequest, secure: boolean): HttpResponse {
  const scheme = secure ? "https" : "http";
  if (entry.redirect) return redirected(site, entry.redirect, request);
  const router = site.routers().find((one) => serves(site, one, entry, secure) && one.matches(request));
  let used: string | undefined;
  const respond = (asked: HttpRequest): HttpResponse => {
    const sent = passed(site, router as Router, asked, request, secure, entry);
    used = sent.server;
    return sent.response;
  };
  const steps = router?.middlewares.flatMap((name) => site.steps(name, scheme) ?? []) ?? [];
  const response = router ? through(steps, request, respond) : notFound();
  if (site.options.accessLog) logAccess(site, request, response, router, used);
  return response;
}

/** Whether a router is at an entry point, and its middlewares are all there. */
function serves({ steps }: Site, router: Router, { name, tls, isDefault }: EntryPoint, secure: boolean): boolean {
  const here = router.entryPoints.length === 0 ? isDefault : router.entryPoints.includes(name);
  return here && (router.tls || tls) === secure && router.middlewares.every((one) => steps(one, "http") !== undefined);
}

export function notFound(): HttpResponse {
  return wordsOf(404, "404 page not found\n", { "x-content-type-options": "nosniff" });
}

function redirected(
  { options }: Site,
  { to, scheme, permanent }: NonNullable<EntryPoint["redirect"]>,
  { headers, path }: HttpRequest,
): HttpResponse {
  const port = options.entryPoints.find(({ name }) => name === to)?.port ?? Number(/^:(\d+)$/.exec(to)?.[1] ?? 443);
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  const usual = scheme === "https" ? 443 : 80;
  const location = `${scheme}://${host}${port === usual ? "" : `:${port}`}${path}`;
  return wordsOf(permanent ? 301 : 302, permanent ? "Moved Permanently" : "Found", { location });
}

interface Passed {
  readonly response: HttpResponse;
  readonly server: string | undefined;
}

/** Passes a request on to one of a router's servers. */
function passed(
  site: Site,
  { target }: Router,
  request: HttpRequest,
  original: HttpRequest,
  secure: boolean,
  { port }: EntryPoint,
): Passed {
  const { proc, options } = site;
  const group = byWeight(site, target.name, target.groups);
  const endpoints = group ? resolved(proc, group) : [];
  if (!group || endpoints.length === 0)
    return {
      response: wordsOf(503, "no available server\n", { "x-content-type-options": "nosniff" }),
      server: undefined,
    };
  const [endpoint] = inTurn(proc, group.name, endpoints, 1);
  if (!endpoint) return { response: notFound(), server: undefined };
  const server = `${group.tls ? "https" : "http"}://${endpoint.address}:${endpoint.port}`;
  if (group.tls && !options.insecureBackends) return { response: wordsOf(500, "Internal Server Error"), server };
  const host = group.passesHost ? (original.headers.host ?? "") : `${endpoint.address}:${endpoint.port}`;
  const headers = {
    ...endToEnd(request.headers),
    host,
    "x-forwarded-for": original.from ?? "",
    "x-forwarded-host": original.headers.host ?? "",
    "x-forwarded-port":
      /:(\d+)$/.exec(original.headers.host ?? "")?.[1] ?? (secure ? "443" : String(port === 443 ? 443 : 80)),
    "x-forwarded-proto": secure ? "https" : "http",
    "x-forwarded-server": proc.machine.name,
    "x-real-ip": original.from ?? "",
  };
  const { response, attempts, seconds } = passOn(
    proc,
    { method: request.method, path: request.path, headers, body: request.body },
    {
      endpoints: [endpoint],
      tls: group.tls,
      connectSeconds: options.dialSeconds,
      readSeconds: Number.POSITIVE_INFINITY,
    },
  );
  if (response) return { response, server };
  const late = attempts.at(-1)?.result === "timeout";
  const failed = late ? wordsOf(504, "Gateway Timeout") : wordsOf(502, "Bad Gateway");
  return { response: seconds > 0 ? { ...failed, after: seconds } : failed, server };
}

/** Names of ExternalName Services are looked up. */
function resolved({ machine }: Process, { endpoints }: Group): Group["endpoints"] {
  return endpoints.flatMap(({ address, port }) => {
    if (/^[\d.]+$/.test(address) || address.includes(":")) return [{ address, port }];
    const found = machine.network.resolve(machine, address);
    return "addresses" in found ? found.addresses.map((one) => ({ address: one, port })) : [];
  });
}

/** How the groups of a router have been asked, each against its weight. */
const debts = new WeakMap<Process, Map<string, number>>();

/** The group whose turn it is by the weights: smooth, not by chance. */
function byWeight({ proc }: Site, target: string, groups: readonly Group[]): Group | undefined {
  const able = groups.filter(({ weight, endpoints }) => weight > 0 && endpoints.length > 0);
  if (able.length < 2) return able[0];
  const known = debts.get(proc) ?? new Map<string, number>();
  debts.set(proc, known);
  const total = able.reduce((sum, { weight }) => sum + weight, 0);
  let best: Group | undefined;
  for (const group of able) {
    const key = `${target} ${group.name}`;
    known.set(key, (known.get(key) ?? 0) + group.weight);
    if (!best || (known.get(key) ?? 0) > (known.get(`${target} ${best.name}`) ?? 0)) best = group;
  }
  if (best) known.set(`${target} ${best.name}`, (known.get(`${target} ${best.name}`) ?? 0) - total);
  return best;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const counts = new WeakMap<Process, number>();

/** The access log in its common form. */
function logAccess(
  { proc }: Site,
  { method, path, headers, from }: HttpRequest,
  { status, body, after = 0 }: HttpResponse,
  router: Router | undefined,
  server: string | undefined,
): void {
  const count = (counts.get(proc) ?? 0) + 1;
  counts.set(proc, count);
  const t = civilTime(proc.machine.kernel.clock.now);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(t.day)}/${months[t.month - 1]}/${t.year}:${two(t.hour)}:${two(t.minute)}:${two(t.second)} +0000`;
  const size = typeof body === "string" ? byteLength(body) : 0;
  const who = headers["user-agent"];
  const line = `${from ?? "-"} - - [${time}] "${method} ${path} HTTP/1.1" ${status} ${size} "${headers.referer ?? "-"}" "${who ?? "-"}" ${count} "${router?.name ?? "-"}" "${server ?? "-"}" ${Math.round(after * 1000)}ms\n`;
  const write = () => proc.fds.get(1)?.write?.(line);
  if (after > 0) proc.machine.kernel.clock.after(after, write);
  else write();
}
