import type { JsonObject } from "../../base/json.ts";

const references: Readonly<Record<string, string>> = { ConfigMap: "configMapKeyRef", Secret: "secretKeyRef" };

/** How an environment variable points to a key of an object; undefined for what has no keys. */
export function envReference({ kind, apiVersion }: JsonObject): string | undefined {
  return apiVersion === "v1" ? references[String(kind)] : undefined;
}
