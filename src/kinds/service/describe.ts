import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone, writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf, listOf } from "../describe/related.ts";
import { endpointsText } from "../describe/service-endpoints.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { EndpointSlice, Service } from "../types/core.ts";

/** The text of `kubectl describe service`. */
export function* describeService(object: Service, options: DescribeOptions): Describing {
  const { metadata, spec } = object;
  const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
  const ask = { apiVersion: "discovery.k8s.io/v1", resource: "endpointslices", labelSelector };
  const slices = yield* listOf<EndpointSlice>(metadata.namespace ? { ...ask, namespace: metadata.namespace } : ask);
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "Selector", labelsOrNone(spec.selector));
  w.field(0, "Type", spec.type ?? "");
  writeAddresses(w, object);
  for (const port of spec.ports ?? []) writePort(w, port, slices instanceof Status ? [] : (slices ?? []));
  writePolicies(w, object);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeAddresses(w: Writer, { spec, status }: Service): void {
  if (spec.ipFamilyPolicy !== undefined) w.field(0, "IP Family Policy", spec.ipFamilyPolicy);
  w.field(0, "IP Families", spec.ipFamilies?.join(",") || "<none>");
  w.field(0, "IP", spec.clusterIP ?? "");
  w.field(0, "IPs", spec.clusterIPs?.length ? spec.clusterIPs.join(",") : "<none>");
  if (spec.externalIPs?.length) w.field(0, "External IPs", spec.externalIPs.join(","));
  if (spec.loadBalancerIP) w.field(0, "Desired LoadBalancer IP", String(spec.loadBalancerIP));
  if (spec.externalName) w.field(0, "External Name", spec.externalName);
  const ingress = (status?.loadBalancer?.ingress ?? []) as { ip?: string; ipMode?: string; hostname?: string }[];
  const given = ingress.map(({ ip, ipMode, hostname = "" }) =>
    ip ? `${ip}${ipMode === undefined ? "" : ` (${ipMode})`}` : hostname,
  );
  if (given.length > 0) w.field(0, "LoadBalancer Ingress", given.join(", "));
}

type Port = NonNullable<Service["spec"]["ports"]>[number];

function writePort(w: Writer, port: Port, slices: readonly EndpointSlice[]): void {
  const { protocol = "", targetPort = 0, nodePort } = port;
  const name = port.name || "<unset>";
  w.field(0, "Port", `${name}\t${port.port}/${protocol}`);
  w.field(0, "TargetPort", `${targetPort}/${protocol}`);
  if (nodePort) w.field(0, "NodePort", `${name}\t${nodePort}/${protocol}`);
  w.field(0, "Endpoints", endpointsText(slices, port.name ?? ""));
}

function writePolicies(w: Writer, { spec }: Service): void {
  w.field(0, "Session Affinity", spec.sessionAffinity ?? "");
  if (spec.externalTrafficPolicy) w.field(0, "External Traffic Policy", spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy !== undefined) w.field(0, "Internal Traffic Policy", spec.internalTrafficPolicy);
  if (spec.healthCheckNodePort) w.field(0, "HealthCheck NodePort", Number(spec.healthCheckNodePort));
  const ranges = (spec.loadBalancerSourceRanges ?? []) as string[];
  if (ranges.length > 0) w.field(0, "LoadBalancer Source Ranges", ranges.join(","));
}
