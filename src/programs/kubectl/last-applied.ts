import { type Json, type JsonObject, parseJson, toJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";

export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/** The annotations of an object. */
export function annotationsOf(object: JsonObject): Readonly<Record<string, string>> {
  const metadata = object.metadata;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) ? (annotations as Readonly<Record<string, string>>) : {};
}

/** What was last applied, as the annotation tells; undefined where nothing was. */
export function lastApplied(object: JsonObject): JsonObject | undefined {
  const text = annotationsOf(object)[lastAppliedAnnotation];
  if (!text) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/**
 * An object with itself as its annotation (util.CreateApplyAnnotation). A typed object, made by a generator, is written
 * in the order of its fields and without an annotations map of its own; all others with sorted keys.
 */
export function withLastApplied(object: JsonObject, typed = false): JsonObject {
  const { [lastAppliedAnnotation]: _, ...others } = annotationsOf(object);
  const bare = typed && Object.keys(others).length === 0 ? object : withoutLastApplied(object);
  const text = `${toJson(bare as Json, { sortKeys: !typed })}\n`;
  return withAnnotations(object, { ...others, [lastAppliedAnnotation]: text });
}

/** An object without its annotation, and with a map for the others. */
export function withoutLastApplied(object: JsonObject): JsonObject {
  const { [lastAppliedAnnotation]: _, ...others } = annotationsOf(object);
  return withAnnotations(object, others);
}

/** What set-last-applied and edit-last-applied write into the annotation: the object as it stands. */
export function appliedText(object: JsonObject): string {
  return `${toJson(object, { sortKeys: true })}\n`;
}

function withAnnotations(object: JsonObject, annotations: Readonly<Record<string, string>>): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return { ...object, metadata: { ...metadata, annotations } };
}
