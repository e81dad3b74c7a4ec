import { parseIp } from "../../../../base/cidr.ts";
import { selectorMatcher } from "../../../../base/selector.ts";
import type { EndpointSlice, Service, SliceEndpoint } from "../../../../kinds/types/core.ts";
import { addressOf, isWithin, labelsOf } from "../names.ts";
import type { ClusterSource } from "./define.ts";
import type { KubernetesOptions } from "./options.ts";

/** Something that a name stands for: an address or a name, and the name that it is reached by. */
export interface Found {
  /** The name that belongs to it: "10-244-1-5.web.shop.svc.cluster.local." */
  readonly key: string;
  /** An address, or a name (ExternalName). */
  readonly host: string;
  /** -1: none. */
  readonly port: number;
}

/** There is no such name; an empty list is a name without records. */
export type Finding = readonly Found[] | "no such name";

interface Wanted {
  readonly section: string;
  readonly namespace: string;
  readonly service: string;
  readonly endpoint: string;
  readonly port: string;
  readonly protocol: string;
}

/** What a name below the zone asks for (plugin/kubernetes parse.go, CoreDNS 1.13). */
function wantedBy(name: string, zone: string): Wanted | "nothing" | "no such name" {
  const base = name.slice(0, name.length - zone.length);
  const labels = base === "" ? [] : labelsOf(base);
  const section = labels.pop();
  if (section === undefined || (labels.length === 0 && (section === "svc" || section === "pod"))) return "nothing";
  if (section !== "svc" && section !== "pod") return "no such name";
  const namespace = labels.pop() ?? "";
  const service = labels.pop() ?? "";
  const bare = (label: string | undefined) => (label ?? "").replace(/^_/, "");
  const none = { section, namespace, service, endpoint: "", port: "", protocol: "" };
  if (labels.length === 0) return none;
  if (labels.length === 1) return { ...none, endpoint: labels[0] ?? "" };
  if (labels.length === 2) return { ...none, port: bare(labels[0]), protocol: bare(labels[1]) };
  return "no such name";
}

/** What the cluster has for a name of its zone (plugin/kubernetes, CoreDNS 1.13; the DNS specification 1.1.0). */
export function findRecords(source: ClusterSource, options: KubernetesOptions, zone: string, name: string): Finding {
  const wanted = wantedBy(name, zone);
  if (wanted === "nothing") return [];
  if (wanted === "no such name" || isReverse(name)) return "no such name";
  if (!isExposed(source, options, wanted.namespace)) return "no such name";
  return wanted.section === "pod"
    ? findPods(source, options, zone, wanted)
    : findServices(source, options, zone, wanted);
}

function isReverse(name: string): boolean {
  return isWithin(name, "in-addr.arpa.") || isWithin(name, "ip6.arpa.");
}

function isExposed(source: ClusterSource, options: KubernetesOptions, name: string): boolean {
  if (options.namespaces.length > 0 && !options.namespaces.includes(name)) return false;
  const namespace = source.namespace(name);
  if (!namespace) return false;
  return !options.namespaceLabels || selectorMatcher(options.namespaceLabels)(namespace.metadata.labels ?? {});
}

function findPods(
  source: ClusterSource,
  options: KubernetesOptions,
  zone: string,
  { namespace, service }: Wanted,
): Finding {
  if (options.pods === "disabled") return "no such name";
  if (service === "") return [];
  const isFour = service.split("-").length === 4 && !service.includes("--");
  const address = service.replaceAll("-", isFour ? "." : ":");
  const found = { key: `${service}.${namespace}.pod.${zone}`, host: address, port: -1 };
  if (options.pods === "insecure") return parseIp(address) ? [found] : "no such name";
  const pods = source.podsAt(address).filter(({ metadata }) => metadata.namespace === namespace);
  return pods.length > 0 ? pods.map(() => found) : "no such name";
}

function findServices(source: ClusterSource, options: KubernetesOptions, zone: string, wanted: Wanted): Finding {
  const { namespace, service: name, endpoint } = wanted;
  if (name === "") return [];
  const service = source.service(namespace, name);
  if (!service || !isSelected(service, options)) return "no such name";
  const key = `${name}.${namespace}.svc.${zone}`;
  const { type, externalName = "", clusterIP } = service.spec;
  if (type === "ExternalName") {
    if (endpoint !== "" || parseIp(externalName)) return "no such name";
    return [{ key, host: externalName, port: 0 }];
  }
  const isHeadless = clusterIP === "None";
  const slices = options.endpoints ? source.slices(namespace, name) : [];
  if (options.ignoreEmpty && !isHeadless && readyIn(slices).length === 0) return "no such name";
  const found =
    isHeadless || endpoint !== ""
      ? slices.flatMap((slice) => endpointsOf(slice, options, wanted, key))
      : addressesOf(service, wanted, key);
  return found.length > 0 ? found : "no such name";
}

function isSelected({ metadata }: Service, { labels }: KubernetesOptions): boolean {
  return !labels || selectorMatcher(labels)(metadata.labels ?? {});
}

function addressesOf(service: Service, wanted: Wanted, key: string): Found[] {
  const { clusterIP = "", clusterIPs = [clusterIP], ports = [] } = service.spec;
  return ports
    .filter((port) => fits(wanted, port.name, port.protocol))
    .flatMap((port) => clusterIPs.map((host) => ({ key, host, port: port.port })));
}

function fits({ port, protocol }: Wanted, name = "", own = "TCP"): boolean {
  return (port === "" || port === name.toLowerCase()) && (protocol === "" || protocol === own.toLowerCase());
}

/** Endpoints that are ready, or do not say. */
function readyIn(slices: readonly EndpointSlice[]) {
  return slices.flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false));
}

function endpointsOf(slice: EndpointSlice, options: KubernetesOptions, wanted: Wanted, key: string): Found[] {
  // A service without ports has its endpoints all the same.
  const ports = slice.ports?.length ? slice.ports : [{ name: "", protocol: "TCP", port: -1 }];
  return readyIn([slice]).flatMap((endpoint) =>
    endpoint.addresses.flatMap((host) => {
      const label = endpointLabel(endpoint, host, options);
      if (wanted.endpoint !== "" && wanted.endpoint !== label) return [];
      return ports
        .filter((port) => fits(wanted, port.name, port.protocol))
        .map((port) => ({ key: `${label}.${key}`, host, port: port.port ?? -1 }));
    }),
  );
}

/** The first label of an endpoint's name: its hostname, its pod's name if that is wanted, or its address with dashes. */
function endpointLabel(
  { hostname, targetRef }: SliceEndpoint,
  address: string,
  { endpointPodNames }: KubernetesOptions,
): string {
  const pod = (targetRef as { name?: string } | undefined)?.name;
  return hostname || (endpointPodNames && pod) || address.replace(/[.:]/g, "-");
}

/** The names of an address: of the service that has it, or else of the endpoints (plugin/kubernetes reverse.go, 1.13). */
export function findNames(
  source: ClusterSource,
  options: KubernetesOptions,
  zone: string,
  name: string,
): readonly string[] {
  const address = addressOf(name);
  if (address === undefined) return [];
  const mayShow = (namespace = "") => options.namespaces.length === 0 || options.namespaces.includes(namespace);
  const service = source.serviceAt(address);
  if (service && isSelected(service, options)) {
    const { metadata } = service;
    return mayShow(metadata.namespace) ? [`${metadata.name}.${metadata.namespace}.svc.${zone}`] : [];
  }
  if (!options.endpoints) return [];
  return source.slicesAt(address).flatMap((slice) => {
    const of = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (!of || !mayShow(slice.metadata.namespace)) return [];
    return readyIn([slice])
      .filter(({ addresses }) => addresses.includes(address))
      .map((endpoint) => `${endpointLabel(endpoint, address, options)}.${of}.${slice.metadata.namespace}.svc.${zone}`);
  });
}
