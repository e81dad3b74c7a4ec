import type { MergeField, MergeSchema } from "../base/patch/merge-schema.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";
import { typeBehind } from "./types.ts";

const known = new WeakMap<TypeInfo, MergeSchema>();

/** How a strategic merge patch merges objects of a type. */
export function mergeSchemaOf(type: TypeInfo): MergeSchema {
  let schema = known.get(type);
  if (!schema) {
    schema = schemaOf(type);
    known.set(type, schema);
  }
  return schema;
}

function schemaOf(type: TypeInfo): MergeSchema {
  const fields = new Map<string, MergeField>();
  return {
    field(name) {
      const found = fields.get(name);
      if (found) return found;
      const field = type.fields.get(name);
      if (!field) return undefined;
      const made = mergeFieldOf(field);
      fields.set(name, made);
      return made;
    },
  };
}

function mergeFieldOf(field: FieldInfo): MergeField {
  return {
    type: innerSchema(field),
    ...(field.patchStrategy === undefined ? {} : { patchStrategy: field.patchStrategy.split(",") }),
    ...(field.mergeKey === undefined ? {} : { mergeKey: field.mergeKey }),
  };
}

/** Of a list its elements' type, of a map one that knows any key. */
function innerSchema(field: FieldInfo): MergeSchema | undefined {
  if (field.type === "map" && field.items) {
    const value = mergeFieldOf(field.items);
    return { field: () => value };
  }
  if (field.type === "array" && field.items) return innerSchema(field.items);
  const type = typeBehind(field);
  return type && mergeSchemaOf(type);
}
