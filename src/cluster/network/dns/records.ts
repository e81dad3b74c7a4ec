import type { EndpointSlice, Service } from "../../../kinds/types/core.ts";
import type { DnsType } from "../../../machine/define-network.ts";

/** What the kubernetes plugin reads of the cluster. */
export interface DnsSource {
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  namespace(name: string): boolean;
  services(): readonly Service[];
}

/**
 * Records of cluster DNS (the Kubernetes DNS specification 1.1.0, as CoreDNS' kubernetes plugin serves it): services,
 * endpoints of headless services, pods by address. Undefined where there is no such name.
 */
export function clusterRecord(source: DnsSource, zone: string, name: string, type: DnsType): string[] | undefined {
  if (type === "PTR") return reverse(source, zone, name);
  if (type !== "A" && type !== "CNAME") return undefined;
  if (!name.endsWith(`.${zone}`)) return undefined;
  const labels = name.slice(0, -zone.length - 1).split(".");
  const section = labels.pop();
  const namespace = labels.pop();
  if (!namespace) return undefined;
  if (section === "pod" && labels.length === 1) return podAddress(source, namespace, labels[0] ?? "");
  if (section !== "svc" || labels.length === 0 || labels.length > 2) return undefined;
  return serviceAddresses(source, namespace, labels.at(-1) ?? "", labels.length === 2 ? labels[0] : undefined);
}

/** `pods insecure`: any name that reads as an address is one. */
function podAddress(source: DnsSource, namespace: string, label: string): string[] | undefined {
  return /^\d+-\d+-\d+-\d+$/.test(label) && source.namespace(namespace) ? [label.replaceAll("-", ".")] : undefined;
}

function serviceAddresses(
  source: DnsSource,
  namespace: string,
  name: string,
  endpoint: string | undefined,
): string[] | undefined {
  const service = source.service(namespace, name);
  if (!service) return undefined;
  const { clusterIP, type, externalName, publishNotReadyAddresses } = service.spec;
  if (type === "ExternalName") return externalName && !endpoint ? [externalName] : undefined;
  if (clusterIP && clusterIP !== "None") return endpoint ? undefined : [clusterIP];
  const found = source
    .slices(namespace, name)
    .flatMap((slice) => slice.endpoints)
    .filter((e) => publishNotReadyAddresses || e.conditions?.ready !== false)
    .filter((e) => !endpoint || e.hostname === endpoint || e.addresses[0]?.replaceAll(".", "-") === endpoint)
    .flatMap((e) => e.addresses);
  return found.length > 0 ? found : undefined;
}

function reverse(source: DnsSource, zone: string, name: string): string[] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  const address = match ? `${match[4]}.${match[3]}.${match[2]}.${match[1]}` : name;
  for (const service of source.services())
    if (service.spec.clusterIP === address)
      return [`${service.metadata.name}.${service.metadata.namespace}.svc.${zone}`];
  return undefined;
}
