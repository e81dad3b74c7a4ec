import type { Json, JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";

/** A field error: what is wrong with a value. */
export interface SchemaFault {
  readonly type:
    | "Required"
    | "Invalid"
    | "TypeInvalid"
    | "NotSupported"
    | "Duplicate"
    | "Forbidden"
    | "TooLong"
    | "TooMany"
    | "InternalError";
  readonly path: string;
  readonly value?: unknown;
  readonly detail?: string;
  /** For NotSupported. */
  readonly supported?: readonly string[];
}

/** The path of the whole object, as Go prints a path that is nil. */
export const NOWHERE = "<nil>";

/** A field below a path: spec.replicas. */
export function childPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A sub-schema, where there is one. */
export function schemaAt(schema: JsonObject, key: string): JsonObject | undefined {
  const found = schema[key];
  return isObject(found) ? found : undefined;
}

/** The schema of a property of an object; of a map, that of its values. */
export function schemaOfProperty(schema: JsonObject, name: string): JsonObject | undefined {
  const own = schemaAt(schema, "properties")?.[name];
  return isObject(own) ? own : schemaAt(schema, "additionalProperties");
}

/** x-kubernetes-preserve-unknown-fields: what is not specified stays. */
export function preservesUnknown(schema: JsonObject): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true;
}

/** x-kubernetes-embedded-resource: an object with apiVersion, kind and metadata of its own. */
export function isEmbedded(schema: JsonObject): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

/** The JSON type of a value as Go's decoder sees it. */
export function typeOfValue(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
