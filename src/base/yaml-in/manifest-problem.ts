import { compareText, type Json, type JsonObject } from "../json.ts";
import { timeProblem } from "../time.ts";

/** What kubectl says of a document that it cannot take for an object; undefined for a good one. `text` is its JSON. */
export function manifestProblem(value: Json, text: string | (() => string)): string | undefined {
  const type = jsonType(value);
  if (type !== "object") return `json: cannot unmarshal ${type} into Go value of type unstructured.detector`;
  const object = value as JsonObject;
  if (object.items !== undefined) {
    const wrong = itemsProblem(object.items);
    if (wrong) return wrong;
  }
  const { kind, apiVersion } = object;
  const slashes = typeof apiVersion === "string" ? apiVersion.split("/").length - 1 : 0;
  if (typeof kind !== "string" || kind === "" || slashes > 1) {
    return `Object 'Kind' is missing in '${typeof text === "string" ? text : text()}'`;
  }
  for (const key of Object.keys(object).sort(compareText)) {
    const wrong = fieldProblem(key, object[key] ?? null);
    if (wrong) return wrong;
  }
  return undefined;
}

/** What validation says of a document's apiVersion and kind (kubectl validation/schema.go getObjectKind, 1.33). */
export function headProblem(value: Json): string | undefined {
  if (jsonType(value) !== "object") return "invalid object to validate";
  const { apiVersion, kind } = value as JsonObject;
  const problems: string[] = [];
  if (apiVersion === undefined || apiVersion === null) problems.push("apiVersion not set");
  else if (typeof apiVersion !== "string") problems.push("apiVersion isn't string type");
  else if (apiVersion.split("/").length > 2) problems.push(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === undefined || kind === null) problems.push("kind not set");
  else if (typeof kind !== "string") problems.push("kind isn't string type");
  return problems.length > 1 ? `[${problems.join(", ")}]` : problems[0];
}

function jsonType(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "bigint" ? "number" : typeof value === "boolean" ? "bool" : typeof value;
}

function itemsProblem(items: Json): string | undefined {
  if (items === null) return undefined;
  if (!Array.isArray(items)) {
    return `json: cannot unmarshal ${jsonType(items)} into Go struct field decodeList.items of type []json.RawMessage`;
  }
  for (const item of items as readonly Json[]) {
    const type = jsonType(item);
    if (type !== "object") return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  }
  return undefined;
}

function fieldProblem(key: string, value: Json): string | undefined {
  if (key === "apiVersion") return mismatch(value, "string", "metadataOnlyObject.apiVersion", "string");
  if (key !== "metadata" || value === null) return undefined;
  const wrong = mismatch(value, "object", "metadataOnlyObject.metadata", "v1.ObjectMeta");
  if (wrong) return wrong;
  const metadata = value as JsonObject;
  for (const name of Object.keys(metadata).sort(compareText)) {
    const problem = metadataProblem(name, metadata[name] ?? null);
    if (problem) return problem;
  }
  return undefined;
}

function mismatch(value: Json, wanted: string, field: string, goType: string): string | undefined {
  const type = jsonType(value);
  if (value === null || type === wanted) return undefined;
  return `json: cannot unmarshal ${type} into Go struct field ${field} of type ${goType}`;
}

const textFields = ["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion"];

function metadataProblem(name: string, value: Json): string | undefined {
  const field = `ObjectMeta.metadata.${name}`;
  if (textFields.includes(name)) return mismatch(value, "string", field, "string");
  if (name === "labels" || name === "annotations") {
    const wrong = mismatch(value, "object", field, "map[string]string");
    return wrong ?? firstMismatch(Object.entries((value ?? {}) as JsonObject).sort(byKey), field);
  }
  if (name === "finalizers") {
    const wrong = mismatch(value, "array", field, "[]string");
    return (
      wrong ??
      firstMismatch(
        ((value ?? []) as readonly Json[]).map((item) => ["", item]),
        field,
      )
    );
  }
  if (name === "ownerReferences") return ownersProblem(value, field);
  if (name === "generation" || name === "deletionGracePeriodSeconds") return wholeProblem(value, field);
  if (name === "creationTimestamp" || name === "deletionTimestamp") {
    return typeof value === "string" ? timeProblem(value) : mismatch(value, "string", field, "string");
  }
  return undefined;
}

function ownersProblem(value: Json, field: string): string | undefined {
  const wrong = mismatch(value, "array", field, "[]v1.OwnerReference");
  if (wrong) return wrong;
  for (const owner of (value ?? []) as readonly Json[]) {
    const problem = mismatch(owner, "object", field, "v1.OwnerReference");
    if (problem) return problem;
    for (const [name, item] of Object.entries((owner ?? {}) as JsonObject).sort(byKey)) {
      const type = ownerFields[name];
      const inner = type && mismatch(item ?? null, type, `OwnerReference.metadata.ownerReferences.${name}`, type);
      if (inner) return inner;
    }
  }
  return undefined;
}

const ownerFields: Readonly<Record<string, string>> = {
  apiVersion: "string",
  kind: "string",
  name: "string",
  uid: "string",
  controller: "bool",
  blockOwnerDeletion: "bool",
};

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareText(a[0], b[0]);
}

function firstMismatch(entries: readonly (readonly [string, Json | undefined])[], field: string): string | undefined {
  for (const [, item] of entries) {
    const wrong = mismatch(item ?? null, "string", field, "string");
    if (wrong) return wrong;
  }
  return undefined;
}

function wholeProblem(value: Json, field: string): string | undefined {
  if (typeof value !== "number" || Number.isInteger(value)) return mismatch(value, "number", field, "int64");
  return `json: cannot unmarshal number ${value} into Go struct field ${field} of type int64`;
}
