import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Location } from "./locations.ts";
import type { Listen, Server } from "./servers.ts";

/** A request on its way through a server. */
export interface Visit {
  readonly proc: Process;
  readonly request: HttpRequest;
  readonly server: Server;
  readonly listen: Listen;
  /** As it came: with the query. */
  readonly requestUri: string;
  readonly query: string;
  /** What `set` has set. */
  readonly own: Map<string, string>;
  /** The path now: internal redirects change it. */
  path: string;
  location: Location | undefined;
  /** How often it has been redirected inside. */
  turns: number;
}

/** The text with its variables filled in ($name, ${name}). Unknown ones are empty. */
export function filledIn(visit: Visit, text: string): string {
  if (!text.includes("$")) return text;
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_whole, braced?: string, bare?: string) =>
    variable(visit, braced ?? bare ?? ""),
  );
}

function variable(visit: Visit, name: string): string {
  const { request, own, location, proc, listen, query } = visit;
  const set = own.get(name);
  if (set !== undefined) return set;
  if (/^\d$/.test(name)) return location?.groups[Number(name)] ?? "";
  if (name.startsWith("http_")) return request.headers[name.slice(5).replaceAll("_", "-")] ?? "";
  if (name.startsWith("arg_")) return new Map(pairsOf(query)).get(name.slice(4)) ?? "";
  const host = (request.headers.host ?? visit.server.names[0] ?? "").replace(/:\d+$/, "");
  const values: Readonly<Record<string, string>> = {
    args: query,
    query_string: query,
    is_args: query ? "?" : "",
    uri: visit.path,
    document_uri: visit.path,
    request_uri: visit.requestUri,
    request: `${request.method} ${visit.requestUri} HTTP/1.1`,
    request_method: request.method,
    host,
    hostname: proc.machine.name,
    http_host: request.headers.host ?? "",
    server_name: visit.server.names[0] ?? "",
    server_addr: proc.machine.net.addresses[0] ?? "",
    server_port: String(listen.port),
    server_protocol: "HTTP/1.1",
    scheme: listen.ssl ? "https" : "http",
    remote_addr: request.from ?? "",
    proxy_add_x_forwarded_for: [request.headers["x-forwarded-for"], request.from].filter(Boolean).join(", "),
    nginx_version: (proc.env.get("NGINX_VERSION") ?? "").replace(/^nginx\//, ""),
    content_type: request.headers["content-type"] ?? "",
    pid: String(proc.pid),
  };
  return values[name] ?? "";
}

function pairsOf(query: string): [string, string][] {
  return query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** An answer with a text. */
export function textAnswer(
  status: number,
  type: string,
  body: string,
  more: Record<string, string> = {},
): HttpResponse {
  return { status, headers: { "content-type": type, "content-length": String(byteLength(body)), ...more }, body };
}
