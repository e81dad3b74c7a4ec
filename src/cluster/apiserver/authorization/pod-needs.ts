import type { Pod } from "../../../kinds/types/pod.ts";

/** Fields that name an object of another kind: the name itself, or an object with a name. */
const naming: Readonly<Record<string, string>> = {
  secretName: "secrets",
  secretRef: "secrets",
  secretKeyRef: "secrets",
  secret: "secrets",
  configMap: "configmaps",
  configMapRef: "configmaps",
  configMapKeyRef: "configmaps",
  claimName: "persistentvolumeclaims",
};

/** Whether a pod names an object of its namespace (plugin/pkg/auth/authorizer/node/graph.go, 1.35). */
export function needs({ metadata, spec }: Pod, resource: string, name: string): boolean {
  if (resource === "serviceaccounts") return spec.serviceAccountName === name;
  if (resource === "secrets" && spec.imagePullSecrets?.some((secret) => secret.name === name)) return true;
  if (
    resource === "persistentvolumeclaims" &&
    spec.volumes?.some((v) => "ephemeral" in v && `${metadata.name}-${v.name}` === name)
  )
    return true;
  return mentions(spec, resource, name);
}

/** Whether something in the value, at any depth, names this object. */
function mentions(value: object, resource: string, name: string): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item && mentions(item, resource, name)) return true;
    return false;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const item = fields[key];
    if (item === name) {
      if (naming[key] === resource) return true;
    } else if (typeof item === "object" && item !== null) {
      if (naming[key] === resource && (item as { name?: string }).name === name) return true;
      if (mentions(item, resource, name)) return true;
    }
  }
  return false;
}
