import { ageColumn, column, firstThree, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeEndpointSlice } from "./endpoint-slice/describe.ts";
import { duplicate, immutable, required, unsupported, wrong } from "./problem.ts";
import type { EndpointSlice } from "./types/core.ts";
import { checkOrdinaryAddress, sloppyIp } from "./validation/addresses.ts";
import { check } from "./validation/labels.ts";
import { dnsLabel } from "./validation/words.ts";

/** Where a Service's traffic goes: up to a hundred endpoints a slice. */
export const endpointSlice: Kind<EndpointSlice> = {
  kind: "EndpointSlice",
  plural: "endpointslices",
  group: "discovery.k8s.io",
  version: "v1",
  namespaced: true,
  defaults(object) {
    object.endpoints ??= [];
    object.ports ??= [];
    for (const port of object.ports ?? []) {
      port.name ??= "";
      port.protocol ||= "TCP";
    }
  },
  problems: problemsOf,
  problemsOfUpdate: (object, old) =>
    object.addressType === old.addressType ? [] : [immutable("addressType", object.addressType)],
  countsGenerations: true,
  columns: [
    nameColumn,
    column("AddressType", (object) => object.addressType),
    column("Ports", portsText),
    column(
      "Endpoints",
      (object) => firstThree((object.endpoints ?? []).flatMap(({ addresses }) => addresses)) || "<unset>",
    ),
    ageColumn,
  ],
  describe: describeEndpointSlice,
};

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];

/** Addresses and ports (discovery validation ValidateEndpointSlice, 1.35). */
function problemsOf(object: EndpointSlice): readonly Problem[] {
  const problems: Problem[] = [];
  if (!object.addressType) problems.push(required("addressType"));
  else if (!addressTypes.includes(object.addressType))
    problems.push(unsupported("addressType", object.addressType, addressTypes));
  for (const [index, { addresses: listed, hostname }] of (object.endpoints ?? []).entries()) {
    const path = `endpoints[${index}]`;
    const addresses = listed ?? [];
    if (addresses.length === 0) problems.push(required(`${path}.addresses`, "must contain at least 1 address"));
    for (const [place, address] of addresses.entries()) {
      if (object.addressType === "FQDN") continue;
      const version = object.addressType === "IPv6" ? 6 : 4;
      const at = `${path}.addresses[${place}]`;
      if (sloppyIp(address)?.version !== version)
        problems.push(wrong(at, address, `must be a valid IPv${version} address`));
      checkOrdinaryAddress(address, at, problems);
    }
    if (hostname !== undefined) check(dnsLabel, hostname, `${path}.hostname`, problems);
  }
  const names = new Set<string>();
  for (const [index, { name = "", protocol = "" }] of (object.ports ?? []).entries()) {
    if (name !== "") check(dnsLabel, name, `ports[${index}].name`, problems);
    if (names.has(name)) problems.push(duplicate(`ports[${index}].name`, name));
    names.add(name);
    if (!protocols.includes(protocol)) problems.push(unsupported(`ports[${index}].protocol`, protocol, protocols));
  }
  return problems;
}

function portsText(object: EndpointSlice): string {
  const ports = (object.ports ?? []).map(({ name, port }) => (port === undefined ? name || "*" : String(port)));
  return firstThree(ports) || "<unset>";
}
