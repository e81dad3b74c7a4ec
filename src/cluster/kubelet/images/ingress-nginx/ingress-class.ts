import type { Ingress, IngressClass } from "../../../../kinds/types/network.ts";
import type { Options } from "./options.ts";

const ANNOTATION = "kubernetes.io/ingress.class";

/** The class by which an Ingress is this controller's ("_" for none at all); an Error says why it is not (store.go GetIngressClass, 1.13). */
export function classOf(
  { metadata, spec }: Ingress,
  find: (name: string) => IngressClass | undefined,
  { controller, className, byName, withoutClass, ignoresClasses }: Options,
): string | Error {
  const named = spec?.ingressClassName;
  if (named !== undefined && !ignoresClasses) {
    const found = find(named);
    const isOwn = found && (found.spec?.controller === controller || (byName && named === className));
    return isOwn ? named : new Error(`no object matching key "${named}" in local store`);
  }
  const annotated = metadata.annotations?.[ANNOTATION];
  if (annotated !== undefined)
    return annotated === className
      ? annotated
      : new Error("ingress class annotation is not equal to the expected by Ingress Controller");
  return withoutClass ? "_" : new Error("ingress does not contain a valid IngressClass");
}
