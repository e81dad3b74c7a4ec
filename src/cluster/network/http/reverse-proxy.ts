import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { Process } from "../../../machine/process.ts";
import type { Endpoint } from "./service-endpoints.ts";

/** Where a request goes on to, and how long that may take. */
export interface Upstream {
  /** In the order in which they are tried; one may stand there more than once. */
  readonly endpoints: readonly Endpoint[];
  /** Speaks TLS to them, without a look at their certificates. */
  readonly tls: boolean;
  /** How long a connection may take, in seconds, and then the answer. */
  readonly connectSeconds: number;
  readonly readSeconds: number;
}

/** Why an endpoint gave no answer. "silent": connected, but no answer in time. "nonsense": what it says is no HTTP, or it expects or lacks TLS. */
export type Fault = "refused" | "timeout" | "unreachable" | "silent" | "nonsense";

/** One endpoint that was tried. */
export interface Attempt {
  readonly endpoint: Endpoint;
  readonly seconds: number;
  readonly result: HttpResponse | Fault;
}

/** What became of a request: the attempts in their order; the last one has the answer, where there is one. */
export interface PassedOn {
  readonly attempts: readonly Attempt[];
  /** What all of it took. */
  readonly seconds: number;
  readonly response: HttpResponse | undefined;
}

/** How long it takes until there is known to be no way to an address (Linux, net.ipv4: neighbour solicitations). */
const NO_ROUTE_SECONDS = 3;

/** Headers that are for one connection only and are not passed on (RFC 9110, 7.6.1). */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The headers of a request or answer that a proxy passes on. */
export function endToEnd(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = { ...headers };
  for (const named of (headers.connection ?? "").split(",")) delete kept[named.trim().toLowerCase()];
  for (const name of hopByHop) delete kept[name];
  return kept;
}

/**
 * Passes a request on from the machine of a process: to the first endpoint that answers. Nobody answers at once where a
 * connection is refused; a dropped packet costs the time of a connection. The answer's `after` is all the time together.
 */
export function passOn(proc: Process, request: HttpRequest, upstream: Upstream): PassedOn {
  const attempts: Attempt[] = [];
  let seconds = 0;
  for (const endpoint of upstream.endpoints) {
    const attempt = tryEndpoint(proc, request, endpoint, upstream);
    attempts.push(attempt);
    seconds += attempt.seconds;
    if (typeof attempt.result === "string") continue;
    const { after: _, ...response } = attempt.result;
    const late = seconds > 0 ? { after: seconds } : {};
    return { attempts, seconds, response: { ...response, headers: endToEnd(response.headers), ...late } };
  }
  return { attempts, seconds, response: undefined };
}

function tryEndpoint(proc: Process, request: HttpRequest, endpoint: Endpoint, upstream: Upstream): Attempt {
  const { machine } = proc;
  const dialled = machine.network.dial(machine, endpoint.address, endpoint.port);
  if ("failed" in dialled) {
    const { failed } = dialled;
    const takes = failed === "refused" ? 0 : failed === "timeout" ? upstream.connectSeconds : NO_ROUTE_SECONDS;
    return { endpoint, result: failed, seconds: Math.min(takes, upstream.connectSeconds) };
  }
  const { listener, source } = dialled;
  const sent: HttpRequest = { ...request, from: source };
  if (listener.tls && !upstream.tls) return answered(endpoint, (listener.tls.plain ?? refusedByGo)(sent), upstream);
  if (!listener.http || (upstream.tls && !listener.tls)) return { endpoint, result: "nonsense", seconds: 0 };
  return answered(endpoint, listener.http(sent), upstream);
}

function answered(endpoint: Endpoint, answer: HttpResponse, { readSeconds }: Upstream): Attempt {
  const { after = 0 } = answer;
  if (after <= readSeconds) return { endpoint, result: answer, seconds: after };
  answer.stream?.close();
  return { endpoint, result: "silent", seconds: readSeconds };
}

/** What Go's TLS servers say to a client that speaks plainly (net/http, Go 1.25). */
function refusedByGo(): HttpResponse {
  const headers = { connection: "close", server: "" };
  return { status: 400, headers, body: "Client sent an HTTP request to an HTTPS server.\n" };
}

/** How often each group of endpoints was asked. */
const turns = new WeakMap<Process, Map<string, number>>();

/** The endpoints of a group in the order of their turn: each request begins with the next one; `tries` of them, round and round. */
export function inTurn(
  proc: Process,
  group: string,
  endpoints: readonly Endpoint[],
  tries = endpoints.length,
): readonly Endpoint[] {
  const known = turns.get(proc) ?? new Map<string, number>();
  turns.set(proc, known);
  const turn = known.get(group) ?? 0;
  known.set(group, turn + 1);
  const ordered: Endpoint[] = [];
  for (let i = 0; i < tries && endpoints.length > 0; i++) {
    const endpoint = endpoints[(turn + i) % endpoints.length];
    if (endpoint) ordered.push(endpoint);
  }
  return ordered;
}
