import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { EndpointSlice, SliceEndpoint } from "../types/core.ts";

const unset = "<unset>";

/** The text of `kubectl describe endpointslice`. */
export function* describeEndpointSlice(object: EndpointSlice, options: DescribeOptions): Describing {
  const { metadata, addressType, ports, endpoints } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.field(0, "AddressType", addressType);
  if (!ports?.length) w.line(0, `Ports: ${unset}`);
  else {
    w.line(0, "Ports:");
    w.line(1, "Name\tPort\tProtocol");
    w.line(1, "----\t----\t--------");
    for (const { name, port, protocol = "" } of ports) w.line(1, `${name || unset}\t${port ?? unset}\t${protocol}`);
  }
  w.line(0, endpoints?.length ? "Endpoints:" : "Endpoints: <none>");
  for (const endpoint of endpoints ?? []) writeEndpoint(w, endpoint);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeEndpoint(w: Writer, endpoint: SliceEndpoint): void {
  const { addresses, conditions, hostname, targetRef, nodeName, zone } = endpoint;
  w.field(1, "- Addresses", addresses.join(", ") || "<none>");
  w.line(2, "Conditions:");
  w.field(3, "Ready", conditions?.ready ?? unset);
  w.field(2, "Hostname", hostname ?? unset);
  if (targetRef) w.field(2, "TargetRef", `${targetRef.kind ?? ""}/${targetRef.name ?? ""}`);
  w.field(2, "NodeName", nodeName ?? unset);
  w.field(2, "Zone", zone ?? unset);
}
