import type { JsonObject } from "../../../base/json.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";

/** An object reduced to its metadata. */
export function partialOf({ metadata }: KubeObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: metadata as unknown as JsonObject };
}
