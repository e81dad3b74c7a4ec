import type { Answer, Ask, DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeAnnotations, writeLabels } from "../describe/labels.ts";
import { eventsOf, listOf } from "../describe/related.ts";
import { endpointsText } from "../describe/service-endpoints.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { EndpointSlice, Service } from "../types/core.ts";
import type { Ingress, IngressBackend } from "../types/network.ts";
import { addressesText } from "./addresses.ts";

/** The text of `kubectl describe ingress`. */
export function* describeIngress(object: Ingress, options: DescribeOptions): Describing {
  const { metadata, spec = {} } = object;
  const { namespace = "" } = metadata;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  writeLabels(w, "Labels", metadata.labels);
  w.field(0, "Namespace", namespace);
  w.field(0, "Address", addressesText(object));
  w.field(0, "Ingress Class", spec.ingressClassName ?? "<none>");
  const fallback = spec.defaultBackend ? yield* backendText(namespace, spec.defaultBackend) : "<default>";
  w.field(0, "Default backend", fallback);
  writeTls(w, spec.tls ?? []);
  w.add(0, "Rules:\n  Host\tPath\tBackends\n");
  w.line(1, "----\t----\t--------");
  let count = 0;
  for (const { host, http } of spec.rules ?? []) {
    if (!http) continue;
    count++;
    w.line(1, `${host || "*"}\t`);
    for (const { path = "", backend } of http.paths ?? [])
      w.line(2, `\t${path} \t${yield* backendText(namespace, backend)}`);
  }
  if (count === 0) w.line(1, `*\t*\t${fallback}`);
  writeAnnotations(w, "Annotations", metadata.annotations);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeTls(w: Writer, tls: readonly { hosts?: string[]; secretName?: string }[]): void {
  if (tls.length === 0) return;
  w.line(0, "TLS:");
  for (const { hosts = [], secretName } of tls)
    w.line(1, secretName ? `${secretName} terminates ${hosts.join(",")}` : `SNI routes ${hosts.join(",")}`);
}

/** A backend with the endpoints behind it, or why they are not known. */
function* backendText(namespace: string, { service, resource }: IngressBackend): Generator<Ask, string, Answer> {
  if (service) {
    const { name: port, number = 0 } = service.port ?? {};
    const text = `${service.name}:${port || number}`;
    const labelSelector = `kubernetes.io/service-name=${service.name}`;
    const ask = { apiVersion: "discovery.k8s.io/v1", resource: "endpointslices", namespace, labelSelector };
    const slices = yield* listOf<EndpointSlice>(ask);
    if (slices instanceof Status) return `${text} (<error: ${slices.message}>)`;
    const found = yield { apiVersion: "v1", resource: "services", namespace, name: service.name };
    if (found instanceof Status) return `${text} (<error: ${found.message}>)`;
    const ports = (found as Service | undefined)?.spec.ports ?? [];
    const own = ports.findLast((one) => (number !== 0 && one.port === number) || (port && one.name === port));
    return `${text} (${endpointsText(slices ?? [], own?.name ?? "")})`;
  }
  if (!resource) return "";
  return `APIGroup: ${resource.apiGroup ?? "<none>"}, Kind: ${resource.kind}, Name: ${resource.name}`;
}
