import type { Kind } from "../../../../kinds/define.ts";
import { resourceName } from "../../../../kinds/define.ts";
import { matchesSelector } from "../../../../kinds/label-selector.ts";
import type { ParamKind, ParamRef } from "../../../../kinds/types/admission.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { AdmissionTools } from "../../define.ts";

/** The kind of a policy's parameters; a text where there is none of that name. */
export function paramKindOf({ apiVersion = "", kind = "" }: ParamKind, server: AdmissionTools): Kind | string {
  const found = server.kindNamed(apiVersion, kind);
  if (found) return found;
  const shown = apiVersion.includes("/") ? `${apiVersion}, Kind=${kind}` : `/${apiVersion}, Kind=${kind}`;
  return `failed to find resource referenced by paramKind: '${shown}'`;
}

/** The parameters that a binding names; a text says what is wrong (policy/generic CollectParams, 1.35). Nothing: once, without. */
export function paramsOf(
  kind: Kind | undefined,
  ref: ParamRef | undefined,
  namespace: string,
  server: AdmissionTools,
): readonly (KubeObject | undefined)[] | string {
  if (!kind || !ref) return [undefined];
  if (kind.namespaced && !ref.namespace && namespace === "")
    return "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources";
  if (!kind.namespaced && ref.namespace)
    return "paramRef.namespace must not be provided for a cluster-scoped `paramKind`";
  const home = kind.namespaced ? ref.namespace || namespace : undefined;
  const found = namedOrSelected(kind, ref, home, server);
  if (found.length === 0 && ref.parameterNotFoundAction === "Deny")
    return "no params found for policy binding with `Deny` parameterNotFoundAction";
  return found.map((object) => server.shown(kind, object));
}

function namedOrSelected(
  kind: Kind,
  { name, selector }: ParamRef,
  namespace: string | undefined,
  server: AdmissionTools,
): readonly KubeObject[] {
  if (name) {
    const object = server.get(resourceName(kind), namespace, name);
    return object ? [object] : [];
  }
  return server
    .list(resourceName(kind), namespace)
    .filter(({ metadata }) => matchesSelector(selector, metadata.labels ?? {}));
}
