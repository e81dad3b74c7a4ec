import type { AdmissionPlugin } from "../define.ts";
import { notFound } from "../errors.ts";
import { isNamespace } from "./requests.ts";

/** Nothing is written in a namespace that is not there (kubernetes plugin/pkg/admission/namespace/exists, 1.35). */
export const namespaceExists: AdmissionPlugin = {
  name: "NamespaceExists",
  offByDefault: true,
  validate({ operation, kind, namespace }, server) {
    if (operation === "CONNECT" || !namespace || isNamespace(kind)) return;
    if (!server.get("namespaces", undefined, namespace)) throw notFound({ group: "", plural: "namespaces" }, namespace);
  },
};
