import { fromBase64 } from "../../../base/base64.ts";
import { parseIp } from "../../../base/cidr.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { textOf } from "../../../base/text-bytes.ts";
import type { WebhookClientConfig } from "../../../kinds/types/admission.ts";
import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import { askRemote, listenerAt } from "../aggregation/remote-services.ts";
import type { Context } from "../context.ts";
import type { WebhookRequest } from "../define.ts";

/** Asks the server of a webhook (apiserver pkg/util/webhook/client.go, 1.35). A text says why there is no answer. */
export function askWebhook(
  context: Context,
  { service, url, caBundle }: WebhookClientConfig,
  { path, body }: WebhookRequest,
): HttpResponse | string {
  if (caBundle && !textOf(fromBase64(caBundle) ?? new Uint8Array()).includes("-----BEGIN CERTIFICATE-----"))
    return "unable to load root certificates: unable to parse bytes as PEM block";
  const headers = { accept: "application/json, */*", "content-type": "application/json" };
  const request: HttpRequest = { method: "POST", path, headers, body };
  const answer = service
    ? askService(context, service, caBundle, request)
    : askUrl(context, url ?? "", caBundle, request);
  // The webhook's own timeout is shorter than that of a connection.
  return typeof answer === "string" && answer.endsWith("i/o timeout") ? "context deadline exceeded" : answer;
}

function askService(
  context: Context,
  { namespace, name, port = 443 }: NonNullable<WebhookClientConfig["service"]>,
  caBundle: string | undefined,
  request: HttpRequest,
): HttpResponse | string {
  if (context.flags["enable-aggregator-routing"] === "true") {
    const none = noEndpoints(context, namespace, name, port);
    if (none) return none;
  }
  const spec = {
    service: { namespace, name, port },
    groupPriorityMinimum: 0,
    versionPriority: 0,
    ...(caBundle ? { caBundle } : {}),
  };
  return askRemote(
    context,
    { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "" }, spec },
    request,
  );
}

/** With --enable-aggregator-routing the server looks for an endpoint itself (apiserver pkg/util/proxy ResolveEndpoint, 1.35). */
function noEndpoints(
  { storage: { store } }: Context,
  namespace: string,
  name: string,
  port: number,
): string | undefined {
  const service = store.get("services", namespace, name) as Service | undefined;
  const wanted = service?.spec.ports?.find((one) => one.port === port);
  if (!service || !wanted) return undefined;
  const slices = (store.list("endpointslices.discovery.k8s.io", namespace) as readonly EndpointSlice[]).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name,
  );
  const isReady = slices.some(
    ({ ports, endpoints }) =>
      (ports ?? []).some((one) => (one.name ?? "") === (wanted.name ?? "")) &&
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
  );
  return isReady ? undefined : `no endpoints available for service "${name}"`;
}

function askUrl(
  context: Context,
  url: string,
  caBundle: string | undefined,
  request: HttpRequest,
): HttpResponse | string {
  const [, host = "", port = "443"] = /^https:\/\/([^/:]+)(?::(\d+))?/.exec(url) ?? [];
  const address = host === "localhost" ? "127.0.0.1" : host;
  if (!parseIp(address)) return lookupFault(host);
  const listener = listenerAt(context, address, Number(port));
  if (typeof listener === "string") return listener;
  if (!listener.http) return "EOF";
  if (!listener.tls) return "http: server gave HTTP response to HTTPS client";
  const problem = context.hooks.serverProblem?.(listener.tls.certificate(), caBundle, host);
  return problem ? `tls: failed to verify certificate: ${problem}` : listener.http(request);
}

/** The API server's host asks a resolver that knows nothing of the lab's Services, and nothing outside is there. */
function lookupFault(host: string): string {
  return `dial tcp: lookup ${host}: no such host`;
}
