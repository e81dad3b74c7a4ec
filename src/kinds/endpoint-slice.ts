import { ageColumn, column, firstThree, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { EndpointSlice } from "./types/core.ts";

/** Where a Service's traffic goes: up to a hundred endpoints a slice. */
export const endpointSlice: Kind<EndpointSlice> = {
  kind: "EndpointSlice",
  plural: "endpointslices",
  group: "discovery.k8s.io",
  version: "v1",
  namespaced: true,
  defaults(object) {
    for (const port of object.ports ?? []) {
      port.name ??= "";
      port.protocol ||= "TCP";
    }
  },
  columns: [
    nameColumn,
    column("AddressType", (object) => object.addressType),
    column("Ports", portsText),
    column("Endpoints", (object) => firstThree((object.endpoints ?? []).flatMap(({ addresses }) => addresses)) || "<unset>"),
    ageColumn,
  ],
};

function portsText(object: EndpointSlice): string {
  const ports = (object.ports ?? []).map(({ name, port }) => (port === undefined ? name || "*" : String(port)));
  return firstThree(ports) || "<unset>";
}
