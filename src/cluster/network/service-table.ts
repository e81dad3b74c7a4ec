import type { EndpointSlice, Service, ServicePort } from "../../kinds/types/core.ts";

/** Where the packets of a service address go: ready endpoints, as address and port. */
export interface Route {
  readonly service: string;
  readonly targets: readonly Target[];
  /** Traffic policy Local: only endpoints on the node itself count. */
  readonly local?: boolean;
}

interface Target {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
}

/** The rules that kube-proxy keeps on a node: by "address:port/PROTOCOL", and node ports by "port/PROTOCOL". */
export interface ServiceTable {
  readonly addresses: ReadonlyMap<string, Route>;
  readonly nodePorts: ReadonlyMap<string, Route>;
}

export const emptyTable: ServiceTable = { addresses: new Map(), nodePorts: new Map() };

/** The rules that follow from Services and EndpointSlices, as kube-proxy computes them (pkg/proxy, 1.35). */
export function serviceTable(services: readonly Service[], slices: readonly EndpointSlice[]): ServiceTable {
  const addresses = new Map<string, Route>();
  const nodePorts = new Map<string, Route>();
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const key = `${slice.metadata.namespace}/${slice.metadata.labels?.["kubernetes.io/service-name"]}`;
    const list = byService.get(key);
    if (list) list.push(slice);
    else byService.set(key, [slice]);
  }
  for (const service of services) {
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    const { clusterIP } = service.spec;
    if (!clusterIP || clusterIP === "None") continue;
    for (const port of service.spec.ports ?? []) {
      const inner: Route = { service: key, targets: targetsOf(byService.get(key) ?? [], port) };
      const { internalTrafficPolicy, externalTrafficPolicy } = service.spec as Record<string, unknown>;
      const route = internalTrafficPolicy === "Local" ? { ...inner, local: true } : inner;
      const outer = externalTrafficPolicy === "Local" ? { ...inner, local: true } : inner;
      const protocol = port.protocol ?? "TCP";
      const ingress = service.status?.loadBalancer?.ingress ?? [];
      const external = [...(service.spec.externalIPs ?? []), ...ingress.flatMap((i) => (i.ip ? [i.ip] : []))];
      for (const address of [...(service.spec.clusterIPs ?? [clusterIP]), ...external])
        addresses.set(`${address}:${port.port}/${protocol}`, route);
      if (port.nodePort) nodePorts.set(`${port.nodePort}/${protocol}`, outer);
    }
  }
  return { addresses, nodePorts };
}

/** What is ready; where nothing is, what ends but still serves (KEP-1669). */
function targetsOf(slices: readonly EndpointSlice[], port: ServicePort): readonly Target[] {
  const ready: Target[] = [];
  const ending: Target[] = [];
  for (const slice of slices) {
    const number = slice.ports?.find((p) => (p.name ?? "") === (port.name ?? ""))?.port;
    if (number === undefined) continue;
    for (const { addresses, conditions, nodeName } of slice.endpoints) {
      const isReady = conditions?.ready !== false;
      if (!isReady && !(conditions?.serving && conditions.terminating)) continue;
      for (const address of addresses) (isReady ? ready : ending).push({ address, port: number, node: nodeName });
    }
  }
  return ready.length > 0 ? ready : ending;
}
