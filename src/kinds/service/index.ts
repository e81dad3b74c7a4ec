import type { Kind } from "../define.ts";
import { labelsText } from "../label-selector.ts";
import type { Service } from "../types/core.ts";
import { addressesHeld, allocateService } from "./allocate.ts";
import { serviceColumns } from "./columns.ts";
import { serviceDefaults } from "./defaults.ts";
import { describeService } from "./describe.ts";
import { serviceProblems, serviceProblemsOfUpdate } from "./problems.ts";
import { prepareNewService, prepareService } from "./update.ts";
import { serviceWarnings } from "./warnings.ts";

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
  defaults: serviceDefaults,
  prepareForCreate: prepareNewService,
  prepareForUpdate: prepareService,
  allocate: allocateService,
  holds: addressesHeld,
  problems: serviceProblems,
  problemsOfUpdate: serviceProblemsOfUpdate,
  warnings: serviceWarnings,
  columns: serviceColumns,
  podsOf: (object) => labelsText(object.spec.selector) || undefined,
  portsOf: (object) =>
    (object.spec.ports ?? []).map(({ name, port, protocol = "TCP" }) => ({
      ...(name ? { name } : {}),
      port,
      protocol,
    })),
  describe: describeService,
};
