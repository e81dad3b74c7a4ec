import type { Kind } from "./define.ts";
import { apiVersionOf } from "./define.ts";
import type { Condition, KubeObject, OwnerReference } from "./types/meta.ts";
import type { Pod } from "./types/pod.ts";

/** The condition of a type in an object's status. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const status = object.status as { conditions?: Condition[] } | undefined;
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Whether a pod's condition Ready is True. */
export function isPodReady(pod: Pod): boolean {
  for (const condition of pod.status?.conditions ?? [])
    if (condition.type === "Ready") return condition.status === "True";
  return false;
}

/** The owner that controls an object, if one does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  return owners?.length ? owners.find((owner) => owner.controller) : undefined;
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
