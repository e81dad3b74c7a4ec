import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { ApiService } from "../../../kinds/types/aggregation.ts";
import type { Service } from "../../../kinds/types/core.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Context } from "../context.ts";

/** The resource of APIServices. */
export const API_SERVICES = "apiservices.apiregistration.k8s.io";

/** An APIService whose group is served by somebody else. */
export interface RemoteService extends ApiService {
  spec: ApiService["spec"] & { service: NonNullable<ApiService["spec"]["service"]> };
}

export function isRemote(service: ApiService | undefined): service is RemoteService {
  return Boolean(service?.spec.service);
}

/** All of them, those with the higher priority first. */
export function remoteServices({ storage }: Context): readonly RemoteService[] {
  const remote = (storage.store.list(API_SERVICES) as readonly ApiService[]).filter(isRemote);
  return remote.sort(
    (a, b) =>
      b.spec.groupPriorityMinimum - a.spec.groupPriorityMinimum ||
      ((a.spec.group ?? "") < (b.spec.group ?? "") ? -1 : (a.spec.group ?? "") > (b.spec.group ?? "") ? 1 : 0) ||
      b.spec.versionPriority - a.spec.versionPriority,
  );
}

/** Who serves a version of a group in this server's place. */
export function remoteServiceOf({ storage }: Context, group: string, version: string): RemoteService | undefined {
  const found = storage.store.get(API_SERVICES, undefined, `${version}.${group}`) as ApiService | undefined;
  return isRemote(found) ? found : undefined;
}

/** Where requests for it go: the Service's cluster IP, as without --enable-aggregator-routing. A text says why nowhere. */
export function endpointOf({ storage }: Context, { spec }: RemoteService): { host: string; port: number } | string {
  const { namespace = "", name = "", port = 443 } = spec.service;
  const service = storage.store.get("services", namespace, name) as Service | undefined;
  if (!service) return `service "${name}" not found`;
  const {
    clusterIP,
    ports = [],
    type,
    externalName = "",
  } = service.spec as Service["spec"] & { externalName?: string };
  if (type === "ExternalName") return { host: externalName, port };
  if (!clusterIP || clusterIP === "None") return `no cluster IP for service "${name}"`;
  if (!ports.some((one) => one.port === port)) return `no service port ${port} found for service "${name}"`;
  return { host: clusterIP, port };
}

/** Sends a request there. A text says, in Go's words, why there is no answer. */
export function askRemote(
  context: Context,
  service: RemoteService,
  request: Pick<HttpRequest, "method" | "path" | "headers" | "body">,
): HttpResponse | string {
  const endpoint = endpointOf(context, service);
  if (typeof endpoint === "string") return endpoint;
  const listener = listenerAt(context, endpoint.host, endpoint.port);
  if (typeof listener === "string") return listener;
  const { http, tls } = listener;
  if (!http) return "EOF";
  if (!tls) return "http: server gave HTTP response to HTTPS client";
  const problem = tlsProblem(context, service, tls.certificate);
  return problem ?? http(request);
}

/** Who listens there, for a connection from the server's host. A text says, in Go's words, why nobody does. */
export function listenerAt(context: Context, host: string, port: number): Listener | string {
  const dialled = context.hooks.dial?.(host, port);
  if (!dialled) return `dial tcp ${host}:${port}: connect: connection refused`;
  if (!("failed" in dialled)) return dialled.listener;
  const why = { refused: "connection refused", unreachable: "no route to host" };
  return dialled.failed === "timeout"
    ? `dial tcp ${host}:${port}: i/o timeout`
    : `dial tcp ${host}:${port}: connect: ${why[dialled.failed]}`;
}

/** What this server has against the other's certificate; the name to look for is that of the Service. */
function tlsProblem(context: Context, { spec }: RemoteService, certificate: () => string): string | undefined {
  if (spec.insecureSkipTLSVerify) return undefined;
  const { namespace, name } = spec.service;
  const problem = context.hooks.serverProblem?.(certificate(), spec.caBundle, `${name}.${namespace}.svc`);
  return problem && `tls: failed to verify certificate: ${problem}`;
}
