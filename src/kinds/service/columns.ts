import { compareText } from "../../base/go-text.ts";
import { ageColumn, column, nameColumn, wide } from "../cells.ts";
import type { Column } from "../define.ts";
import { labelsText } from "../label-selector.ts";
import type { Service } from "../types/core.ts";

/** The columns of services. */
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  column("Type", (object) => object.spec.type ?? ""),
  column("Cluster-IP", (object) => object.spec.clusterIPs?.[0] ?? object.spec.clusterIP ?? "<none>"),
  column("External-IP", externalAddress),
  column("Port(s)", portsText),
  ageColumn,
  wide("Selector", (object) => labelsText(object.spec.selector) || "<none>"),
];

function externalAddress({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  if (spec.type !== "LoadBalancer") return external.join(",") || "<none>";
  const given = new Set<string>();
  for (const { ip, hostname } of status?.loadBalancer?.ingress ?? [])
    if (ip || hostname) given.add(ip || hostname || "");
  const all = given.size > 0 ? [[...given].sort(compareText).join(","), ...external] : external;
  return all.join(",") || "<pending>";
}

function portsText(object: Service): string {
  const ports = (object.spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.join(",") || "<none>";
}
