import type { Pod } from "../../../kinds/types/pod.ts";
import { deviceClaimsOf } from "../../devices/pod-claims.ts";

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
export function needs(pod: Pod, resource: string, name: string): boolean {
  const { metadata, spec } = pod;
  if (resource === "resourceclaims") return deviceClaimsOf(pod).includes(name);
  if (resource === "serviceaccounts") return spec.serviceAccountName === name;
  if (resource === "secrets" && spec.imagePullSecrets?.some((secret) => secret.name === name)) return true;
  if (
    resource === "persistentvolumeclaims" &&
    spec.volumes?.some((v) => "ephemeral" in v && `${metadata.name}-${v.name}` === name)
  )
    return true;
  return mentionedBy(spec).has(`${resource}/${name}`);
}

/** What is named in the specs of pods; a spec never changes, a changed pod has another. */
const mentioned = new WeakMap<object, ReadonlySet<string>>();

function mentionedBy(spec: object): ReadonlySet<string> {
  let names = mentioned.get(spec);
  if (!names) {
    const found = new Set<string>();
    collect(spec, found);
    names = found;
    mentioned.set(spec, found);
  }
  return names;
}

/** Finds all that is named in the value, at any depth. */
function collect(value: object, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item) collect(item, found);
    return;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const item = fields[key];
    const resource = naming[key];
    if (typeof item === "string") {
      if (resource !== undefined) found.add(`${resource}/${item}`);
    } else if (typeof item === "object" && item !== null) {
      const { name } = item as { name?: unknown };
      if (resource !== undefined && typeof name === "string") found.add(`${resource}/${name}`);
      collect(item, found);
    }
  }
}
