import type { Kind } from "../define.ts";
import { labelsText } from "../label-selector.ts";
import type { Service } from "../types/core.ts";
import { serviceColumns } from "./columns.ts";

/** One address for many pods. */
export const service: Kind<Service> = {
  kind: "Service",
  plural: "services",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["svc"],
  categories: ["all"],
  subresources: [
    { name: "proxy", kind: "ServiceProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
    { name: "status", kind: "Service", verbs: ["get", "patch", "update"] },
  ],
  nameRule: "label1035",
  selectable: (object) => ({
    "spec.clusterIP": object.spec.clusterIP ?? "",
    "spec.type": object.spec.type ?? "",
  }),
  columns: serviceColumns,
  podsOf: (object) => labelsText(object.spec.selector) || undefined,
  portsOf: (object) =>
    (object.spec.ports ?? []).map(({ name, port, protocol = "TCP" }) => ({ ...(name ? { name } : {}), port, protocol })),
};
