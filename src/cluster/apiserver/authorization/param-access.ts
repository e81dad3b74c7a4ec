import type { Kind } from "../../../kinds/define.ts";
import type {
  ParamKind,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "../../../kinds/types/admission.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { invalid } from "../errors.ts";
import type { Writing } from "../registry/writing.ts";

const group = "admissionregistration.k8s.io";

/**
 * Who lets a policy read parameters has to be able to read them
 * (kubernetes pkg/registry/admissionregistration/validatingadmissionpolicy(binding)/authz.go, 1.35). Throws Invalid.
 */
export function checkParamAccess(
  context: Context,
  { attributes: { user, subresource } }: Writing,
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  if (kind.group !== group || subresource !== undefined || user.groups.includes("system:masters")) return;
  const refuse = (path: string, detail: string) => {
    throw invalid(kind, object.metadata.name, [{ type: "Forbidden", path, detail }]);
  };
  if (kind.plural === "validatingadmissionpolicies") {
    const { paramKind } = (object as ValidatingAdmissionPolicy).spec;
    const before = (old as ValidatingAdmissionPolicy | undefined)?.spec.paramKind;
    if (!paramKind || (before?.apiVersion === paramKind.apiVersion && before?.kind === paramKind.kind)) return;
    if (context.authorizer.decide(user, { ...read(context, paramKind), name: "*", namespace: "*" }).allowed) return;
    const what = `(kind=${paramKind.kind ?? ""}, apiVersion=${paramKind.apiVersion ?? ""})`;
    const must = 'must have "get" permission on all objects of the referenced paramKind';
    refuse("spec.paramKind", `user ${userText(user)} ${must} ${what}`);
  }
  if (kind.plural === "validatingadmissionpolicybindings") {
    const { paramRef, policyName = "" } = (object as ValidatingAdmissionPolicyBinding).spec;
    if (!paramRef) return;
    const policy = context.storage.store.get(`validatingadmissionpolicies.${group}`, undefined, policyName);
    const { paramKind } = (policy as ValidatingAdmissionPolicy | undefined)?.spec ?? {};
    const { name, namespace } = paramRef;
    if (context.authorizer.decide(user, { ...read(context, paramKind), name, namespace }).allowed) return;
    const lacks = 'does not have "get" permission on the object referenced by paramRef';
    refuse("spec.paramRef", `user ${userText(user)} ${lacks}`);
  }
}

/** Reading objects of a kind; of everything where it is not known which. */
function read({ kinds }: Context, paramKind: ParamKind | undefined) {
  if (!paramKind) return { verb: "get", group: "*", resource: "*", version: "*" };
  const { apiVersion = "", kind = "" } = paramKind;
  const slash = apiVersion.indexOf("/");
  return {
    verb: "get",
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    resource: kinds.byApiVersionKind(apiVersion, kind)?.plural ?? "*",
  };
}

/** A user as Go prints the struct. */
function userText({ name, uid = "", groups, extra = {} }: UserInfo): string {
  const more = Object.keys(extra).sort();
  const said = more.map((key) => `${key}:[${(extra[key] ?? []).join(" ")}]`).join(" ");
  return `&{${name} ${uid} [${groups.join(" ")}] map[${said}]}`;
}
