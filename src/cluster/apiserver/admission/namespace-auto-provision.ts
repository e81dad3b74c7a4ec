import type { AdmissionPlugin } from "../define.ts";
import { isNamespace } from "./requests.ts";

/** Makes the namespace of what is created (kubernetes plugin/pkg/admission/namespace/autoprovision, 1.35). */
export const namespaceAutoProvision: AdmissionPlugin = {
  name: "NamespaceAutoProvision",
  offByDefault: true,
  mutate({ operation, kind, namespace, dryRun }, server) {
    if (operation === "CREATE" && !dryRun && namespace && !isNamespace(kind)) server.createNamespace(namespace);
  },
};
