import { FormatError } from "../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { sortedKeys } from "../../../base/json.ts";
import { isList, isObject, jsonTypeName } from "../../../base/json-object.ts";
import type { FieldShape } from "./kustomization-fields.ts";

interface Decoding {
  /** The first fault; Go goes on after it and tells it in the end. */
  fault: string | undefined;
  readonly strict: boolean;
}

/** Where a value stands, for the fault: the struct's name and the names of the fields down to it. */
interface Where {
  readonly struct: string;
  readonly path: readonly string[];
}

/** Reads JSON into a Go type as encoding/json does: keys in any case, unknown ones refused if `strict`. */
export function decodeShape<T>(value: Json, shape: FieldShape, strict = true): T {
  const decoding: Decoding = { fault: undefined, strict };
  const decoded = decode(value, shape, { struct: "", path: [] }, decoding);
  if (decoding.fault !== undefined) throw new FormatError(decoding.fault);
  return (decoded ?? {}) as T;
}

function decode(value: Json, shape: FieldShape, where: Where, decoding: Decoding): unknown {
  if (value === null) return undefined;
  switch (shape.is) {
    case "struct":
      return isObject(value) ? structOf(value, shape, where, decoding) : refuse(value, shape, where, decoding);
    case "map":
      if (!isObject(value)) return refuse(value, shape, where, decoding);
      return Object.fromEntries(
        sortedKeys(value).map((key) => [
          key,
          decode(value[key] ?? null, shape.of, where, decoding) ?? zeroOf(shape.of),
        ]),
      );
    case "list":
      if (!isList(value)) return refuse(value, shape, where, decoding);
      return value.map((item) => decode(item, shape.of, where, decoding) ?? zeroOf(shape.of));
    default:
      return plain(value, shape, where, decoding);
  }
}

function zeroOf(shape: FieldShape): unknown {
  if (shape.is === "text") return "";
  return shape.is === "bool" ? false : shape.is === "int" ? 0 : {};
}

function structOf(
  value: JsonObject,
  { fields, goType }: FieldShape & { is: "struct" },
  { path }: Where,
  decoding: Decoding,
): unknown {
  const result: Record<string, unknown> = {};
  const struct = goType.replace("types.", "");
  for (const key of sortedKeys(value)) {
    const name = Object.hasOwn(fields, key)
      ? key
      : Object.keys(fields).find((one) => one.toLowerCase() === key.toLowerCase());
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || !field) {
      if (decoding.strict) decoding.fault ??= `json: unknown field ${JSON.stringify(key)}`;
      continue;
    }
    const decoded = decode(
      value[key] ?? null,
      field,
      { struct, path: [...path, ...(field.via ?? []), name] },
      decoding,
    );
    if (decoded !== undefined) result[name] = decoded;
  }
  return result;
}

function plain(value: Json, shape: FieldShape, where: Where, decoding: Decoding): unknown {
  if (shape.goType === "interface {}") return value;
  if (shape.is === "text" && typeof value === "string") return value;
  if (shape.is === "bool" && typeof value === "boolean") return value;
  if (shape.is === "int" && (typeof value === "number" || typeof value === "bigint")) {
    if (Number.isInteger(Number(value))) return Number(value);
    return refuse(value, shape, where, decoding, `number ${value}`);
  }
  return refuse(value, shape, where, decoding);
}

function refuse(value: Json, shape: FieldShape, where: Where, decoding: Decoding, named?: string): undefined {
  const type = named ?? jsonTypeName(value);
  const { struct, path } = where;
  const place = struct === "" ? "value" : `struct field ${struct}.${path.join(".")}`;
  decoding.fault ??= `json: cannot unmarshal ${type} into Go ${place} of type ${shape.goType}`;
  return undefined;
}
