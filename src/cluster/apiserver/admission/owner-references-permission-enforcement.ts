import { equal } from "../../../kinds/equal.ts";
import type { KubeObject, OwnerReference } from "../../../kinds/types/meta.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";
import { nameIn } from "./requests.ts";

/** Who makes something depend on an owner must be allowed to delete it, or to hold its deletion up (kubernetes plugin/pkg/admission/gc, 1.35). */
export const ownerReferencesPermissionEnforcement: AdmissionPlugin = {
  name: "OwnerReferencesPermissionEnforcement",
  offByDefault: true,
  validate(request, server) {
    const { operation, kind, subresource, object, old, user, namespace, name } = request;
    if ((operation !== "CREATE" && operation !== "UPDATE") || !object?.metadata) return;
    if (kind.group === "" && kind.plural === "pods" && subresource === "status") return;
    if (equal(ownersOf(object), ownersOf(old))) return;
    if (operation === "UPDATE") {
      const what = { verb: "delete", group: kind.group, resource: kind.plural, subresource, namespace, name };
      const { allowed, reason } = server.decide(user, what);
      if (!allowed) throw refusal(request, `cannot set an ownerRef on a resource you can't delete: ${reason}, <nil>`);
    }
    const before = new Set(blocking(old).map(({ uid }) => uid));
    const added = blocking(object).filter(({ uid }) => !before.has(uid));
    if (added.length === 0) return;
    const anything = { verb: "update", group: "*", resource: "*", subresource: "finalizers", name: "*" };
    if (server.decide(user, anything).allowed) return;
    for (const owner of added) checkOwner(request, owner, server);
  },
};

function checkOwner(request: AdmissionRequest, owner: OwnerReference, server: AdmissionTools): void {
  const { apiVersion, kind, name } = owner;
  const found = server.kindNamed(apiVersion, kind);
  if (!found) {
    const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const why = `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}`;
    throw refusal(
      request,
      `${why}: no matches for kind "${kind}" in version "${group === "" ? version : `${group}/${version}`}"`,
    );
  }
  const namespace = found.namespaced ? request.namespace : undefined;
  const what = {
    verb: "update",
    group: found.group,
    resource: found.plural,
    subresource: "finalizers",
    namespace,
    name,
  };
  const { allowed, reason } = server.decide(request.user, what);
  if (allowed) return;
  const why = "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on";
  throw refusal(request, `${why}: ${reason}, <nil>`);
}

function ownersOf(object: KubeObject | undefined): readonly OwnerReference[] {
  return object?.metadata.ownerReferences ?? [];
}

function blocking(object: KubeObject | undefined): readonly OwnerReference[] {
  return ownersOf(object).filter(({ blockOwnerDeletion }) => blockOwnerDeletion);
}

function refusal(request: AdmissionRequest, why: string) {
  return forbidden(request.kind, nameIn(request), why);
}
