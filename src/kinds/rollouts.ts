import type { KubeObject } from "./types/meta.ts";

/** Whether the controller has seen the newest spec. */
export function isObserved(object: KubeObject, observed: number | undefined): boolean {
  return (object.metadata.generation ?? 0) <= (observed ?? 0);
}

/** The revision a deployment or its replica set carries as annotation; 0 where it has none. */
export function annotatedRevision(object: KubeObject): number {
  return Number(object.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0) || 0;
}
