import { Status } from "../../../kinds/status.ts";
import type { Namespace } from "../../../kinds/types/core.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../define.ts";
import { detailsOf, forbidden, notFound } from "../errors.ts";

/** Namespaces that a cluster cannot do without. */
const immortal = ["default", "kube-system", "kube-public"];

/** Nothing new in a namespace that is not there, or that is being deleted (apiserver plugin/namespace/lifecycle, 1.35). */
export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  mutate(request, server) {
    const { operation, kind, namespace, name } = request;
    if (operation === "DELETE" && isNamespace(request) && name && immortal.includes(name)) {
      throw forbidden(kind, name, "this namespace may not be deleted");
    }
    if (operation !== "CREATE" || !kind.namespaced || !namespace || request.subresource) return;
    const home = server.get<Namespace>("namespaces", undefined, namespace);
    if (!home) throw notFound({ group: "", plural: "namespaces" }, namespace);
    if (home.metadata.deletionTimestamp) throw isEnding(request, namespace);
  },
};

function isNamespace({ kind }: AdmissionRequest): boolean {
  return kind.group === "" && kind.plural === "namespaces";
}

function isEnding(request: AdmissionRequest, namespace: string): Status {
  const { kind, object } = request;
  const name = object?.metadata.name || object?.metadata.generateName || undefined;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  return new Status("Forbidden", forbidden(kind, name, why).message, {
    ...detailsOf(kind, name),
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}
