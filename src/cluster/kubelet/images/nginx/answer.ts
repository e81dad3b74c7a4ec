import { cidrContains, parseCidr, parseIp } from "../../../../base/cidr.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { guestRegex } from "../../../../base/regex.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import { httpDate } from "../../../../base/time.ts";
import type { Process } from "../../../../machine/process.ts";
import { nginxPage } from "../../../network/http/nginx-pages.ts";
import { staticFile } from "./content.ts";
import { findLocation } from "./locations.ts";
import type { ErrorLog } from "./logs.ts";
import { proxied } from "./proxy.ts";
import { allNearest, type Listen, nearest, type Scope, type Server } from "./servers.ts";
import { filledIn, textAnswer, type Visit } from "./visit.ts";

/** How often nginx follows its own redirects (NGX_HTTP_MAX_URI_CHANGES). */
const MAX_TURNS = 10;

/** What a server says to a request: by its locations, files and upstreams. */
export function answerRequest(
  proc: Process,
  server: Server,
  listen: Listen,
  request: HttpRequest,
  log: ErrorLog,
): { readonly response: HttpResponse; readonly visit: Visit } {
  requests.set(proc, (requests.get(proc) ?? 0) + 1);
  const [rawPath = "/", query = ""] = request.path.split("?", 2) as [string, string?];
  const visit: Visit = {
    proc,
    request,
    server,
    listen,
    requestUri: request.path,
    query,
    own: new Map(),
    path: decoded(rawPath),
    location: undefined,
    turns: 0,
  };
  const answer = decoded(rawPath).includes("\0") ? plainError(visit, 400) : contentOf(visit, log);
  return { response: finished(visit, answer), visit };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).replace(/\/{2,}/g, "/");
  } catch {
    return "\0";
  }
}

function contentOf(visit: Visit, log: ErrorLog): HttpResponse {
  const early = rewritten(visit, visit.server);
  if (early) return early;
  for (; visit.turns <= MAX_TURNS; visit.turns++) {
    visit.location = findLocation(visit.server, visit.path);
    const before = visit.path;
    const said = visit.location && rewritten(visit, visit.location);
    if (said) return said;
    if (visit.path !== before && !visit.own.delete(" stay")) continue;
    if (isDenied(visit)) {
      log(visit, "access forbidden by rule");
      return errorPage(visit, 403, log);
    }
    const upstream = visit.location?.directives.find(({ name }) => name === "proxy_pass");
    if (upstream) {
      const passed = proxied(visit, filledIn(visit, upstream.args[0] ?? ""));
      if ("response" in passed) return passed.response;
      log(visit, passed.because);
      const page = errorPage(visit, passed.status, log);
      return passed.after === undefined ? page : { ...page, after: passed.after + (page.after ?? 0) };
    }
    if (visit.location?.directives.some(({ name }) => name === "stub_status")) return statusPage(visit);
    const found = staticFile(visit);
    if ("answer" in found) return found.answer;
    if ("path" in found) {
      visit.path = found.path.split("?")[0] ?? "/";
      continue;
    }
    if (found.because !== undefined) log(visit, found.because);
    return errorPage(visit, found.status, log);
  }
  log(visit, `rewrite or internal redirection cycle while internally redirecting to "${visit.path}"`);
  return errorPage(visit, 500, log);
}

/** What `return`, `rewrite`, `set` and `if` of a place do: an answer, or nothing but a changed path. */
function rewritten(visit: Visit, scope: Scope): HttpResponse | undefined {
  for (const { name, args, block } of scope.directives) {
    if (name === "set") visit.own.set((args[0] ?? "").slice(1), filledIn(visit, args[1] ?? ""));
    else if (name === "return") return returned(visit, args);
    else if (name === "rewrite") {
      const match = guestRegex(args[0] ?? "").find(visit.path);
      if (!match) continue;
      const to = (args[1] ?? "").replace(/\$(\d)/g, (_whole, n: string) => match.groups[Number(n)] ?? "");
      const target = filledIn(visit, to);
      if (args[2] === "redirect" || args[2] === "permanent" || /^https?:/.test(target))
        return { status: args[2] === "permanent" ? 301 : 302, headers: { location: target } };
      visit.path = target.split("?")[0] ?? "/";
      if (args[2] === "break") visit.own.set(" stay", "1");
      if (args[2]) return undefined;
    } else if (name === "if" && holds(visit, args)) {
      const inner = rewritten(visit, { directives: block ?? [], parent: scope });
      if (inner) return inner;
    }
  }
  return undefined;
}

/** Whether the condition of an `if` holds: ($x), ($x = y), ($x != y), ($x ~ pattern), (-f file). */
function holds(visit: Visit, args: readonly string[]): boolean {
  const words = args
    .join(" ")
    .replace(/^\(\s*/, "")
    .replace(/\s*\)$/, "")
    .split(/\s+/);
  const [first = "", operator, ...rest] = words;
  if (first === "-f" || first === "!-f" || first === "-d" || first === "!-d" || first === "-e" || first === "!-e") {
    const path = filledIn(visit, operator ?? "");
    const stat = visit.proc.machine.filesAt(path).find(path, visit.proc.credentials);
    const is = stat !== undefined && (first.endsWith("e") || (stat.kind === "directory") === first.endsWith("d"));
    return first.startsWith("!") ? !is : is;
  }
  const value = filledIn(visit, first);
  const against = rest.join(" ").replace(/^["']|["']$/g, "");
  if (operator === undefined) return value !== "" && value !== "0";
  if (operator === "=") return value === filledIn(visit, against);
  if (operator === "!=") return value !== filledIn(visit, against);
  const matches = guestRegex(against, operator.endsWith("*") ? "i" : "").test(value);
  return operator.startsWith("!") ? !matches : matches;
}

function returned(visit: Visit, [first = "", text]: readonly string[]): HttpResponse {
  if (!/^\d+$/.test(first)) return { status: 302, headers: { location: filledIn(visit, first) } };
  const status = Number(first);
  if ([301, 302, 303, 307, 308].includes(status) && text !== undefined)
    return { status, headers: { location: filledIn(visit, text) } };
  if (text === undefined) return status < 300 ? textAnswer(status, "text/plain", "") : plainError(visit, status);
  const type = nearest(visit.location ?? visit.server, "default_type")?.args[0] ?? "text/plain";
  return textAnswer(status, type, filledIn(visit, text));
}

/** The first of `allow` and `deny` that fits the client decides. */
function isDenied({ location, server, request }: Visit): boolean {
  const scope = location ?? server;
  const rules = scope.directives.some(({ name }) => name === "allow" || name === "deny")
    ? scope.directives
    : (scope.parent?.directives ?? []);
  for (const { name, args } of rules) {
    if (name !== "allow" && name !== "deny") continue;
    const [of = ""] = args;
    const from = request.from ?? "";
    const ip = parseIp(from);
    if (of === "all" || of === from || (of.includes("/") && ip && cidrContains(parseCidr(of), ip)))
      return name === "deny";
  }
  return false;
}

function errorPage(visit: Visit, status: number, log: ErrorLog): HttpResponse {
  const page = allNearest(visit.location ?? visit.server, "error_page").find(({ args }) =>
    args.slice(0, -1).includes(String(status)),
  );
  if (!page || visit.own.has(" failed")) return plainError(visit, status);
  visit.own.set(" failed", "1");
  const changed = page.args.find((word) => word.startsWith("="));
  const target = filledIn(visit, page.args.at(-1) ?? "");
  if (/^https?:/.test(target)) return { status: 302, headers: { location: target } };
  visit.path = target;
  const answer = contentOf(visit, log);
  const kept = changed === undefined ? status : Number(changed.slice(1)) || answer.status;
  return answer.status === 200 ? { ...answer, status: kept } : plainError(visit, status);
}

function plainError(visit: Visit, status: number): HttpResponse {
  return nginxPage(status, {}, signature(visit));
}

function signature({ proc, location, server }: Visit): string {
  const off = nearest(location ?? server, "server_tokens")?.args[0] === "off";
  return off ? "nginx" : `nginx/${proc.env.get("NGINX_VERSION") ?? ""}`;
}

/** How many requests a server has had; each is a connection of its own here. */
const requests = new WeakMap<Process, number>();

function statusPage({ proc }: Visit): HttpResponse {
  const all = requests.get(proc) ?? 0;
  return textAnswer(
    200,
    "text/plain",
    `Active connections: 1 \nserver accepts handled requests\n ${all} ${all} ${all} \nReading: 0 Writing: 1 Waiting: 0 \n`,
  );
}

/** The headers that every answer has, and those of `add_header`. */
function finished(visit: Visit, answer: HttpResponse): HttpResponse {
  const { proc, request } = visit;
  const date = httpDate(proc.machine.kernel.clock.now);
  let { body, headers } = answer;
  if (body === undefined && answer.status >= 300 && answer.status < 400) ({ body, headers } = plainWith(visit, answer));
  const added = allNearest(visit.location ?? visit.server, "add_header").filter(
    ({ args }) => args[2] === "always" || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(answer.status),
  );
  const more = Object.fromEntries(
    added.map(({ args }) => [(args[0] ?? "").toLowerCase(), filledIn(visit, args[1] ?? "")]),
  );
  const { "content-type": type, "content-length": told, location, ...own } = headers;
  const length = typeof body === "string" ? String(byteLength(body)) : told;
  const isKept = !visit.listen.ssl && request.headers.connection?.toLowerCase() !== "close";
  // The order of ngx_http_header_filter; what is served over TLS is spoken of as HTTP/2, which has no connections to keep.
  const all = {
    server: signature(visit),
    date,
    ...(type === undefined ? {} : { "content-type": type }),
    ...(length === undefined ? {} : { "content-length": length }),
    ...(location === undefined ? {} : { location }),
    ...("connection" in own || visit.listen.ssl ? {} : { connection: isKept ? "keep-alive" : "close" }),
    ...own,
    ...more,
  };
  return { ...answer, headers: all, body: request.method === "HEAD" ? "" : body };
}

function plainWith(visit: Visit, answer: HttpResponse): Pick<HttpResponse, "body" | "headers"> {
  const page = plainError(visit, answer.status);
  return { body: page.body, headers: { ...page.headers, ...answer.headers } };
}
