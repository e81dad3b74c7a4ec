import type { Kind } from "../../kinds/define.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { FieldInfo, TypeInfo } from "../../schema/define.ts";
import { typeBehind } from "../../schema/types.ts";
import { typeOf } from "./decoding.ts";

type Place = readonly [field: string, part: string | undefined];

const none: readonly Place[] = [];
const known = new WeakMap<Kind, readonly Place[]>();

/**
 * An object as etcd gives it back: objects of built-in kinds lie there in protobuf, where an empty list is the same as
 * none, and Go writes none as null where the field's tag has no omitempty (`endpoints` and `ports` of an EndpointSlice,
 * `rules` of a Role). Lists of the object itself and of its parts are looked at, none deeper.
 */
export function withoutEmptyLists(kind: Kind, object: KubeObject): KubeObject {
  let out = object;
  for (const [field, part] of placesOf(kind)) {
    const value = out[field];
    if (part === undefined) {
      if (isEmptyList(value)) out = { ...out, [field]: null };
    } else if (isEmptyList((value as Record<string, unknown> | null | undefined)?.[part]))
      out = { ...out, [field]: { ...(value as object), [part]: null } };
  }
  return out;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function placesOf(kind: Kind): readonly Place[] {
  let places = known.get(kind);
  if (!places) {
    const type = kind.type ? undefined : typeOf(kind);
    places = type ? listsOf(type) : none;
    known.set(kind, places);
  }
  return places;
}

function listsOf(type: TypeInfo): readonly Place[] {
  const places: Place[] = [];
  for (const field of type.fields.values()) {
    if (isWrittenList(field)) places.push([field.name, undefined]);
    const part = field.type === "ref" && field.name !== "metadata" ? typeBehind(field) : undefined;
    for (const inner of part?.fields.values() ?? []) if (isWrittenList(inner)) places.push([field.name, inner.name]);
  }
  return places;
}

function isWrittenList({ type, always, pointer }: FieldInfo): boolean {
  return type === "array" && always && !pointer;
}
