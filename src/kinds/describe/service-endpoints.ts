import type { EndpointSlice } from "../types/core.ts";

/** How many endpoints of a port are printed. */
const most = 3;

/** The ready endpoints behind a port of a Service (kubectl pkg/describe formatEndpointSlices, 1.33). */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const shown: string[] = [];
  let more = false;
  let count = 0;
  for (const { endpoints, ports } of slices) {
    const wanted = ports?.length ? ports.filter(({ name = "" }) => name === portName) : [undefined];
    for (const port of wanted)
      for (const { addresses, conditions } of endpoints ?? []) {
        // An endpoint that is not ready makes "more", too: kubectl looks at the room first.
        if (shown.length === most) more = true;
        if (conditions?.ready === false) continue;
        count++;
        if (!more) shown.push(addressText(addresses[0] ?? "", port?.port));
      }
  }
  return more ? `${shown.join(",")} + ${count - most} more...` : shown.join(",");
}

function addressText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
