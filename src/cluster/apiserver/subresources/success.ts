import type { JsonObject } from "../../../base/json.ts";

/** The answer of a subresource that has nothing to show. */
export function success(code?: number): JsonObject {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", ...(code ? { code } : {}) };
}
