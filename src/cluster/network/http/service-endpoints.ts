import type { EndpointSlice, Service, ServicePort } from "../../../kinds/types/core.ts";

/** Where a pod answers for a Service's port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The port of a Service that a backend names, by its number or its name. */
export function servicePort(
  { spec }: Service,
  wanted: { readonly number?: number | undefined; readonly name?: string | undefined },
): ServicePort | undefined {
  return spec.ports?.find(
    ({ port, name }) =>
      (wanted.number !== undefined && port === wanted.number) || (wanted.name && name === wanted.name),
  );
}

/** The ready endpoints behind a port of a Service, each once: what a proxy sends requests to without kube-proxy. */
export function readyEndpoints(slices: readonly EndpointSlice[], port: Pick<ServicePort, "name">): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { ports, endpoints } of slices) {
    const number = ports?.find(
      (one) => (one.name ?? "") === (port.name ?? "") && (one.protocol ?? "TCP") === "TCP",
    )?.port;
    if (number === undefined) continue;
    for (const { addresses, conditions } of endpoints ?? [])
      if (conditions?.ready !== false)
        for (const address of addresses) found.set(`${address}:${number}`, { address, port: number });
  }
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port));
}

/** EndpointSlices by the Service that they belong to: "namespace/name". */
export function slicesByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata;
    const key = `${namespace}/${labels?.["kubernetes.io/service-name"]}`;
    const known = byService.get(key);
    if (known) known.push(slice);
    else byService.set(key, [slice]);
  }
  return byService;
}
