import { type FieldInfo, shortTypeName, type TypeInfo } from "./define.ts";
import { celName } from "./structural/cel-value.ts";
import { typeBehind } from "./types.ts";

/** A type of an expression: a simple one by its name, or one made of others. "error" is said once and then let pass. */
export type CelType = string | CelList | CelMap | CelObject;

interface CelList {
  readonly list: CelType;
}

interface CelMap {
  readonly map: CelType;
}

/** Something with fields of its own. */
interface CelObject {
  readonly name: string;
  field(name: string): CelType | undefined;
}

/** The name that messages use. */
export function celTypeName(type: CelType): string {
  if (typeof type === "string") return type;
  if ("list" in type) return `list(${celTypeName(type.list)})`;
  return "map" in type ? `map(string, ${celTypeName(type.map)})` : type.name;
}

/** An object with these fields. */
export function celObject(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return { name, field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) };
}

/** What expressions see of an API type (apiserver pkg/cel/common/schemas.go, 1.35). */
export function celTypeOf(type: TypeInfo): CelType {
  const known = made.get(type);
  if (known) return known;
  const fields = new Map<string, FieldInfo>();
  for (const field of type.fields.values()) {
    const name = celName(field.name);
    if (name !== undefined) fields.set(name, field);
  }
  const object: CelType = {
    name: shortTypeName(type.name),
    field(name) {
      const field = fields.get(name);
      return field && typeOfField(field);
    },
  };
  made.set(type, object);
  return object;
}

const made = new WeakMap<TypeInfo, CelType>();

const plain: Readonly<Record<string, CelType>> = {
  string: "string",
  bytes: "bytes",
  boolean: "bool",
  integer: "int",
  number: "double",
  intOrString: "dyn",
  time: "timestamp",
  microTime: "timestamp",
  duration: "string",
};

/** undefined where the published description gives no type: quantities, and lists and maps of them. */
function typeOfField(field: FieldInfo): CelType | undefined {
  const simple = plain[field.type];
  if (simple !== undefined) return simple;
  if (field.type === "array" || field.type === "map") {
    const items = field.items && typeOfField(field.items);
    if (items === undefined) return undefined;
    return field.type === "array" ? { list: items } : { map: items };
  }
  const inner = field.type === "ref" ? typeBehind(field) : undefined;
  if (inner) return celTypeOf(inner);
  return field.type === "any" ? celObject("object", {}) : undefined;
}
