import { parseRfc3339 } from "../../../base/time.ts";
import type { Ingress, IngressClass } from "../../../kinds/types/network.ts";
import type { AdmissionPlugin } from "../define.ts";

const mark = "ingressclass.kubernetes.io/is-default-class";

/** An ingress that names no class gets the default one, the newest of several (plugin/pkg/admission/network/defaultingressclass, 1.35). */
export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  only: ["ingresses.networking.k8s.io"],
  mutate({ operation, kind, object, subresource }, server) {
    if (operation !== "CREATE" || kind.group !== "networking.k8s.io" || kind.plural !== "ingresses") return;
    if (subresource || !object) return;
    const { metadata, spec } = object as Ingress;
    if (!spec || spec.ingressClassName !== undefined) return;
    if (metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined) return;
    const age = (one: IngressClass) => parseRfc3339(one.metadata.creationTimestamp ?? "") ?? 0;
    const [found] = server
      .list<IngressClass>("ingressclasses.networking.k8s.io")
      .filter((one) => one.metadata.annotations?.[mark] === "true")
      .sort((a, b) => age(b) - age(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
    if (found) spec.ingressClassName = found.metadata.name;
  },
};
