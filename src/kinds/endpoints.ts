import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { Endpoints } from "./types/core.ts";

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
  columns: [nameColumn, column("Endpoints", endpointsText), ageColumn],
};

function endpointsText(object: Endpoints): string {
  if (!object.subsets?.length) return "<none>";
  const shown: string[] = [];
  for (const { addresses = [], ports = [] } of object.subsets) {
    if (ports.length === 0) for (const { ip } of addresses) shown.push(ip);
    for (const { port } of ports) for (const { ip } of addresses) shown.push(ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
  }
  const more = shown.length > 3 ? ` + ${shown.length - 3} more...` : "";
  return shown.slice(0, 3).join(",") + more;
}
