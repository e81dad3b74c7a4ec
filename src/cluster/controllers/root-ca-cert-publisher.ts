import type { ConfigMap, Namespace } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

const NAME = "kube-root-ca.crt";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Keeps the cluster's authority as a ConfigMap in every namespace (kubernetes pkg/controller/certificates/rootcacertpublisher, 1.35). */
export const rootCaCertPublisher: Controller<Namespace> = {
  name: "root-ca-certificate-publisher-controller",
  account: "root-ca-cert-publisher",
  for: "namespaces",
  watches: [
    {
      resource: "configmaps",
      keys: ({ metadata }, _api, _old, type) =>
        metadata.name === NAME && type !== "ADDED" ? [{ namespace: "", name: metadata.namespace ?? "" }] : [],
    },
  ],
  concerns: (_object, _old, type) => type === "ADDED",
  reconcile(api, object, _key, tools) {
    if (!object || object.status?.phase === "Terminating") return undefined;
    const namespace = object.metadata.name;
    const data = { "ca.crt": tools.rootCertificate() };
    const annotations = { "kubernetes.io/description": description };
    const known = api.get<ConfigMap>("configmaps", namespace, NAME);
    if (!known) {
      api.create<ConfigMap>({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: NAME, namespace, annotations },
        data,
      });
      return undefined;
    }
    const said = known.metadata.annotations?.["kubernetes.io/description"] === description;
    if (said && known.data?.["ca.crt"] === data["ca.crt"] && Object.keys(known.data).length === 1) return undefined;
    api.modify<ConfigMap>(known, (now) => ({
      ...now,
      metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...annotations } },
      data,
    }));
    return undefined;
  },
};
