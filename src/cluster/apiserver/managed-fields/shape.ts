import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import type { Kind } from "../../../kinds/define.ts";
import { type ApplyShape, applyShapeOf, deduced } from "../../../schema/apply-shape.ts";
import { decode } from "../../../schema/decode.ts";
import { typeOf } from "../decoding.ts";

export function shapeOf(kind: Kind): ApplyShape {
  const type = typeOf(kind);
  return type ? applyShapeOf(type) : deduced;
}

const empties = new WeakMap<Kind, JsonObject>();

/** What a new object is compared with: the fields that Go writes even when nothing is set. */
export function emptyObject(kind: Kind): JsonObject {
  let empty = empties.get(kind);
  if (!empty) {
    const type = typeOf(kind);
    empty = type && !kind.type ? decode({}, type).object : {};
    empties.set(kind, empty);
  }
  return empty;
}

/** The parts of a value that have owners of their own, by their step; undefined where it has one owner as a whole. */
export function partsOf(value: Json | undefined, shape: ApplyShape): Map<string, Part> | undefined {
  if (shape.kind === "atomic") return undefined;
  if (isList(value)) return shape.kind === "set" || shape.kind === "keyed" ? listParts(value, shape) : undefined;
  if (!isObject(value) || shape.kind === "set" || shape.kind === "keyed") return undefined;
  const parts = new Map<string, Part>();
  for (const name in value) {
    const part = value[name];
    if (part === undefined) continue;
    const known = shape.kind === "map" ? shape.item : shape.field(name);
    parts.set(`f:${name}`, {
      value: part,
      shape: known ?? deduced,
      named: shape.kind === "fields" && known !== undefined && known !== deduced,
    });
  }
  return parts;
}

export interface Part {
  readonly value: Json;
  readonly shape: ApplyShape;
  /** A field of a struct, which is there whoever owns what is in it. */
  readonly named: boolean;
}

function listParts(list: readonly Json[], shape: ApplyShape & { kind: "set" | "keyed" }): Map<string, Part> {
  const parts = new Map<string, Part>();
  list.forEach((value, i) => {
    parts.set(stepOf(value, i, shape), {
      value,
      shape: shape.kind === "set" ? { kind: "atomic" } : shape.item,
      named: false,
    });
  });
  return parts;
}

/** How an element of a list is found again: by its keys or its value. */
export function stepOf(value: Json, index: number, shape: ApplyShape & { kind: "set" | "keyed" }): string {
  if (shape.kind === "set") return `v:${JSON.stringify(value)}`;
  if (!isObject(value)) return `i:${index}`;
  const keys: Record<string, Json> = {};
  for (const key of shape.keys.toSorted()) {
    const found = value[key] ?? shape.defaults[key];
    if (found !== undefined) keys[key] = found;
  }
  return Object.keys(keys).length === 0 ? `i:${index}` : `k:${JSON.stringify(keys)}`;
}

export function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}
