import type { Json } from "../base/json.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";
import { typeBehind } from "./types.ts";

/**
 * How server-side apply sees a value (sigs.k8s.io/structured-merge-diff v6): what has owners of its own.
 * `atomic`: one owner for the whole; `set`: each plain value; `keyed`: each element, found by its keys; `map`: each key;
 * `fields`: each field.
 */
export type ApplyShape =
  | { readonly kind: "atomic" }
  | { readonly kind: "set" }
  | {
      readonly kind: "keyed";
      readonly keys: readonly string[];
      /** Keys that may be left out: ports without a protocol are TCP. */
      readonly defaults: Readonly<Record<string, Json>>;
      readonly item: ApplyShape;
    }
  | { readonly kind: "map"; readonly item: ApplyShape }
  | { readonly kind: "fields"; field(name: string): ApplyShape | undefined };

const atomic: ApplyShape = { kind: "atomic" };
const set: ApplyShape = { kind: "set" };
/** Of what nobody describes: maps key by key, lists as a whole. */
export const deduced: ApplyShape = {
  kind: "fields",
  field: () => deduced,
};

const ofTypes = new WeakMap<TypeInfo, ApplyShape>();

/** The shape of objects of a type. */
export function applyShapeOf(type: TypeInfo): ApplyShape {
  const known = ofTypes.get(type);
  if (known) return known;
  const shapes = new Map<string, ApplyShape>();
  const shape: ApplyShape = {
    kind: "fields",
    field(name) {
      const found = shapes.get(name);
      if (found) return found;
      const field = type.fields.get(name);
      if (!field) return undefined;
      const made = shapeOfField(field);
      shapes.set(name, made);
      return made;
    },
  };
  ofTypes.set(type, shape);
  return shape;
}

function shapeOfField(field: FieldInfo): ApplyShape {
  if (field.type === "array") return shapeOfList(field);
  if (field.type === "map") {
    return field.mapType === "atomic" || !field.items ? atomic : { kind: "map", item: shapeOfField(field.items) };
  }
  const type = typeBehind(field);
  if (!type) return field.mapType === "granular" ? deduced : atomic;
  return (field.mapType ?? type.mapType) === "atomic" ? atomic : applyShapeOf(type);
}

function shapeOfList(field: FieldInfo): ApplyShape {
  if (field.listType === "set") return set;
  const type = typeBehind(field);
  if (field.listType !== "map" || !field.listMapKeys || !type) return atomic;
  const keys = field.listMapKeys;
  const defaults: Record<string, Json> = {};
  for (const key of keys) {
    const value = type.fields.get(key)?.default;
    if (value !== undefined) defaults[key] = value;
  }
  return { kind: "keyed", keys, defaults, item: applyShapeOf(type) };
}
