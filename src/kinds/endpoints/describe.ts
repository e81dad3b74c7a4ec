import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { EndpointAddress, Endpoints } from "../types/core.ts";

/** The text of `kubectl describe endpoints`. */
export function* describeEndpoints(object: Endpoints, options: DescribeOptions): Describing {
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, object.metadata);
  writeLabelsAndAnnotations(w, object.metadata);
  w.line(0, "Subsets:");
  for (const { addresses, notReadyAddresses, ports = [] } of object.subsets ?? []) {
    w.field(1, "Addresses", addressesText(addresses));
    w.field(1, "NotReadyAddresses", addressesText(notReadyAddresses));
    if (ports.length > 0) {
      w.line(1, "Ports:");
      w.line(2, "Name\tPort\tProtocol");
      w.line(2, "----\t----\t--------");
    }
    for (const { name, port, protocol = "" } of ports) w.line(2, `${name || "<unset>"}\t${port}\t${protocol}`);
    w.line(0, "");
  }
  writeEvents(w, events, options.now);
  return w.text();
}

function addressesText(addresses: readonly EndpointAddress[] = []): string {
  return addresses.map(({ ip }) => ip).join(",") || "<none>";
}
