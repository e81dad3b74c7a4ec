import type { Kind } from "./define.ts";
import { apiVersionOf } from "./define.ts";
import type { Condition, KubeObject, OwnerReference } from "./types/meta.ts";
import type { Pod } from "./types/pod.ts";

/** The condition of a type in an object's status. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const status = object.status as { conditions?: Condition[] } | undefined;
  return status?.conditions && ofType(status.conditions, type);
}

/** The first of a type. By index: V8 finds nothing quickly in a frozen array with find() or for-of. */
function ofType(conditions: readonly Condition[], type: string): Condition | undefined {
  for (let i = 0; i < conditions.length; i++) if (conditions[i]?.type === type) return conditions[i];
  return undefined;
}

/** Whether a pod's condition Ready is True. */
export function isPodReady({ status }: Pod): boolean {
  return status?.conditions !== undefined && ofType(status.conditions, "Ready")?.status === "True";
}

/** The owner that controls an object, if one does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  if (owners) for (let i = 0; i < owners.length; i++) if (owners[i]?.controller) return owners[i];
  return undefined;
}

/** A reference by which `object` controls others. */
export function ownerReference(object: KubeObject, kind: Pick<Kind, "group" | "version" | "kind">): OwnerReference {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    name: object.metadata.name,
    uid: object.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}
