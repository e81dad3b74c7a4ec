import type { Namespace, ServiceAccount } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

/** Keeps the service account "default" in every namespace (kubernetes pkg/controller/serviceaccount, 1.35). */
export const serviceAccount: Controller<Namespace> = {
  name: "serviceaccount-controller",
  account: "service-account-controller",
  for: "namespaces",
  watches: [
    {
      resource: "serviceaccounts",
      keys: ({ metadata }, _api, _old, type) =>
        type === "DELETED" && metadata.name === "default" ? [{ namespace: "", name: metadata.namespace ?? "" }] : [],
    },
  ],
  concerns: (_object, _old, type) => type === "ADDED",
  reconcile(api, object) {
    if (!object || object.status?.phase === "Terminating") return undefined;
    const namespace = object.metadata.name;
    if (!api.get("serviceaccounts", namespace, "default"))
      api.create<ServiceAccount>({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace },
      });
    return undefined;
  },
};
