import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeEndpoints } from "./endpoints/describe.ts";
import { required, unsupported, wrong } from "./problem.ts";
import type { EndpointAddress, Endpoints } from "./types/core.ts";
import { checkAddress, checkOrdinaryAddress } from "./validation/addresses.ts";
import { check } from "./validation/labels.ts";
import { dnsLabel, dnsSubdomain, isPortNumber, portRange } from "./validation/words.ts";

/** Where a Service's traffic goes, in the old form. */
export const endpoints: Kind<Endpoints> = {
  kind: "Endpoints",
  plural: "endpoints",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["ep"],
  defaults(object) {
    for (const subset of object.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= "TCP";
  },
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  problems: problemsOf,
  columns: [nameColumn, column("Endpoints", endpointsText), ageColumn],
  describe: describeEndpoints,
};

/** Addresses and ports (core validation ValidateEndpoints, 1.35). */
function problemsOf(object: Endpoints): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of (object.subsets ?? []).entries()) {
    const path = `subsets[${index}]`;
    if (addresses.length + notReadyAddresses.length === 0)
      problems.push(required(path, "must specify `addresses` or `notReadyAddresses`"));
    for (const [place, address] of addresses.entries()) checkEndpoint(address, `${path}.addresses[${place}]`, problems);
    for (const [place, address] of notReadyAddresses.entries())
      checkEndpoint(address, `${path}.notReadyAddresses[${place}]`, problems);
    for (const [place, { name, port, protocol = "" }] of ports.entries()) {
      const at = `${path}.ports[${place}]`;
      if (name) check(dnsLabel, name, `${at}.name`, problems);
      else if (ports.length > 1) problems.push(required(`${at}.name`));
      if (!isPortNumber(port)) problems.push(wrong(`${at}.port`, port ?? 0, portRange));
      if (!protocols.includes(protocol)) problems.push(unsupported(`${at}.protocol`, protocol, protocols));
    }
  }
  return problems;
}

const protocols = ["SCTP", "TCP", "UDP"];

function checkEndpoint(address: EndpointAddress, path: string, problems: Problem[]): void {
  checkAddress(address.ip, `${path}.ip`, problems);
  if (address.hostname) check(dnsLabel, address.hostname, `${path}.hostname`, problems);
  if (address.nodeName !== undefined) check(dnsSubdomain, address.nodeName, `${path}.nodeName`, problems);
  checkOrdinaryAddress(address.ip ?? "", `${path}.ip`, problems);
}

function endpointsText(object: Endpoints): string {
  if (!object.subsets?.length) return "<none>";
  const shown: string[] = [];
  for (const { addresses = [], ports = [] } of object.subsets) {
    if (ports.length === 0) for (const { ip } of addresses) shown.push(ip);
    for (const { port } of ports)
      for (const { ip } of addresses) shown.push(ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
  }
  const more = shown.length > 3 ? ` + ${shown.length - 3} more...` : "";
  return shown.slice(0, 3).join(",") + more;
}
