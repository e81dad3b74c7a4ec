import { parseIp } from "../../../base/cidr.ts";
import { goQuote } from "../../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { Status } from "../../../kinds/status.ts";
import type { Endpoints, Node, Service } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import { dialFault, unansweredDial } from "../dial-fault.ts";
import { badRequest, notFound } from "../errors.ts";
import { failure } from "./failure.ts";
import type { ResourcePath } from "./route.ts";

/** Where a proxied request goes. */
interface Target {
  readonly scheme: "http" | "https";
  readonly address: string;
  readonly port: number;
}

const prefix = /^\/api\/v1\/(?:namespaces\/[^/]+\/(?:pods|services)|nodes)\/[^/]+\/proxy(?=\/|$)/;

/** The path below pods/NAME/proxy, services/NAME/proxy and nodes/NAME/proxy; undefined for every other path. */
export function proxiedPath(path: string): string | undefined {
  const found = prefix.exec(path);
  return found ? path.slice(found[0].length) : undefined;
}

/** Sends a request on to a pod, a service's endpoint or a node, and its answer back (apimachinery util/proxy, 1.35). */
export function answerProxy(context: Context, request: HttpRequest, path: ResourcePath, below: string): HttpResponse {
  const named = splitName(path.name ?? "");
  const kind = path.plural.slice(0, -1);
  if (!named) throw badRequest(`invalid ${kind} request ${goQuote(path.name ?? "")}`);
  const reach = locate(context, path, named);
  const mark = request.path.indexOf("?");
  const query = mark < 0 ? "" : request.path.slice(mark);
  const whole = mark < 0 ? request.path : request.path.slice(0, mark);
  if (below === "" && (request.method === "GET" || request.method === "HEAD"))
    return { status: 301, headers: { location: `${whole}/${query}` } };
  const base = whole.slice(0, whole.length - below.length);
  const { authorization: _, ...headers } = request.headers;
  const sent: HttpRequest = {
    method: request.method,
    path: `${below || "/"}${query}`,
    headers: {
      ...headers,
      ...(headers.host ? { "x-forwarded-host": headers.host } : {}),
      "x-forwarded-proto": "https",
      "x-forwarded-uri": whole,
      ...(request.from ? { "x-forwarded-for": request.from } : {}),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
  return comingBack(reach(sent), base);
}

type Reach = (request: HttpRequest) => HttpResponse;

interface Named {
  readonly scheme: "http" | "https";
  readonly name: string;
  readonly port: string;
}

/** NAME, NAME:PORT or SCHEME:NAME:PORT (apimachinery util/net SplitSchemeNamePort, 1.35). */
function splitName(text: string): Named | undefined {
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length > 3) return undefined;
  if (parts.length === 3 && first !== "http" && first !== "https" && first !== "") return undefined;
  const [scheme, name, port] = parts.length === 3 ? [first, second, third] : ["", first, second];
  return name === "" ? undefined : { scheme: scheme === "https" ? "https" : "http", name, port };
}

function locate(context: Context, { plural, namespace }: ResourcePath, named: Named): Reach {
  if (plural === "nodes") return nodeReach(context, named);
  const target = plural === "pods" ? podTarget(context, namespace, named) : serviceTarget(context, namespace, named);
  return (request) => send(context, target, request);
}

function podTarget({ storage }: Context, namespace: string | undefined, { scheme, name, port }: Named): Target {
  const pod = storage.store.get("pods", namespace, name) as Pod | undefined;
  if (!pod) throw notFound({ group: "", plural: "pods" }, name);
  const first = pod.spec.containers.find((container) => container.ports?.length)?.ports?.[0]?.containerPort;
  const address = pod.status?.podIP ?? "";
  if (!parseIp(address)) throw badRequest("address not allowed");
  return { scheme, address, port: portNumber(port === "" ? String(first ?? (scheme === "https" ? 443 : 80)) : port) };
}

/** A port by number, or by the name that Go's dialer knows it by. */
function portNumber(port: string): number {
  const number = /^\d+$/.test(port) ? Number(port) : { http: 80, https: 443, domain: 53, ssh: 22 }[port];
  if (number === undefined) throw unreachable(`dial tcp: lookup tcp/${port}: unknown port`);
  return number;
}

function serviceTarget(context: Context, namespace: string | undefined, { scheme, name, port }: Named): Target {
  const { store } = context.storage;
  let portName = port;
  if (/^\d+$/.test(port)) {
    const service = store.get("services", namespace, name) as Service | undefined;
    if (!service) throw notFound({ group: "", plural: "services" }, name);
    const found = service.spec.ports?.find((one) => one.port === Number(port));
    if (!found) throw new Status("ServiceUnavailable", `no service port ${port} found for service ${goQuote(name)}`);
    portName = found.name ?? "";
  }
  const endpoints = store.get("endpoints", namespace, name) as Endpoints | undefined;
  if (!endpoints) throw notFound({ group: "", plural: "endpoints" }, name);
  const none = (id: string) => new Status("ServiceUnavailable", `no endpoints available for service ${goQuote(id)}`);
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) throw none(name);
  const ready = subsets.flatMap(({ addresses = [], ports = [] }) => {
    const wanted = ports.find((one) => (one.name ?? "") === portName);
    return wanted ? addresses.map(({ ip }) => ({ ip, port: wanted.port })) : [];
  });
  if (ready.length === 0)
    throw none([...(scheme === "https" ? ["https"] : []), name, ...(port ? [port] : [])].join(":"));
  const { ip, port: number } = context.random.pick(ready);
  return { scheme, address: ip, port: number };
}

/** A node's kubelet, or another port of the node. */
function nodeReach(context: Context, { scheme, name, port }: Named): Reach {
  const node = context.storage.store.get("nodes", undefined, name) as Node | undefined;
  if (!node) throw notFound({ group: "", plural: "nodes" }, name);
  const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? name;
  const kubelet = String(node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250);
  if (port !== "" && port !== kubelet)
    return (request) => send(context, { scheme, address, port: portNumber(port) }, request);
  return (request) => {
    const found = context.hooks.nodes?.(name);
    if (!found) throw unreachable(unansweredDial(context, address, Number(kubelet)));
    return found.http(request);
  };
}

function unreachable(why: string): Status {
  return new Status("ServiceUnavailable", `error trying to reach service: ${why}`);
}

/** Seconds that the server tries to connect (as Go's DefaultTransport, by apimachinery util/net, 1.35), and that Linux looks for a neighbour. */
const DIAL_TIMEOUT = 30;
const NO_ROUTE = 3;

/** Asks whoever listens there. Certificates are not looked at (registry/core/rest proxyTransport, 1.35). */
function send(context: Context, { scheme, address, port }: Target, request: HttpRequest): HttpResponse {
  const dialled = context.hooks.dial?.(address, port);
  if (!dialled || "failed" in dialled) {
    const how = dialled?.failed ?? "refused";
    const answer = failure(unreachable(dialFault(address, port, how)));
    return how === "refused" ? answer : { ...answer, after: how === "timeout" ? DIAL_TIMEOUT : NO_ROUTE };
  }
  const { listener } = dialled;
  if (scheme === "https" && !listener.tls) {
    if (listener.http) throw unreachable("http: server gave HTTP response to HTTPS client");
    throw unreachable(listener.banner ? "tls: first record does not look like a TLS handshake" : "EOF");
  }
  if (scheme === "http" && listener.tls)
    return {
      status: 400,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "Client sent an HTTP request to an HTTPS server.\n",
    };
  if (listener.http) return listener.http(request);
  if (!listener.banner) throw unreachable("EOF");
  const said = JSON.stringify(listener.banner.trimEnd());
  throw unreachable(`net/http: HTTP/1.x transport connection broken: malformed HTTP response ${said}`);
}

/** The answer with its own links led through the proxy: the Location header, and links in HTML (util/proxy/transport.go, 1.35). */
function comingBack(answer: HttpResponse, base: string): HttpResponse {
  const { location } = answer.headers;
  const own = (link: string) => (link.startsWith("/") && !link.startsWith("//") ? `${base}${link}` : link);
  if (location) return { ...answer, headers: { ...answer.headers, location: own(location) } };
  const { body } = answer;
  if (!answer.headers["content-type"]?.startsWith("text/html") || typeof body !== "string") return answer;
  const led = body.replace(
    /(<[a-zA-Z][^>]*?\s(?:href|src|action|cite|background|data|longdesc|usemap|formaction|icon|poster|manifest)=")(\/[^"]*)/g,
    (_all, before: string, link: string) => before + own(link),
  );
  if (led === body) return answer;
  const { "content-length": _, ...headers } = answer.headers;
  return { ...answer, headers, body: led };
}
