import type { Json } from "../base/json.ts";
import type { FieldInfo, FieldType, TypeInfo } from "./define.ts";

interface Basic {
  readonly type: FieldType;
  readonly goType: string;
  readonly format?: "int32" | "int64";
}

const basics: Readonly<Record<string, Basic>> = {
  string: { type: "string", goType: "string" },
  boolean: { type: "boolean", goType: "bool" },
  int32: { type: "integer", format: "int32", goType: "int32" },
  int64: { type: "integer", format: "int64", goType: "int64" },
  double: { type: "number", goType: "float64" },
  bytes: { type: "bytes", goType: "[]uint8" },
  any: { type: "any", goType: "interface {}" },
  quantity: { type: "quantity", goType: "resource.Quantity" },
  intOrString: { type: "intOrString", goType: "intstr.IntOrString" },
  time: { type: "time", goType: "v1.Time" },
  microTime: { type: "microTime", goType: "v1.MicroTime" },
  duration: { type: "duration", goType: "v1.Duration" },
};

/** A field while its line is read; every field has the same shape, which keeps the readers fast. */
interface Draft {
  name: string;
  type: FieldType;
  goType: string;
  required: boolean;
  pointer: boolean;
  always: boolean;
  omitZero: boolean;
  format: "int32" | "int64" | undefined;
  ref: string | undefined;
  items: FieldInfo | undefined;
  number: number | undefined;
  enum: readonly string[] | undefined;
  default: Json | undefined;
  patchStrategy: string | undefined;
  mergeKey: string | undefined;
  listType: "map" | "set" | "atomic" | undefined;
  listMapKeys: readonly string[] | undefined;
  mapType: "atomic" | "granular" | undefined;
}

type RefName = (short: string) => string;

/** A field's line of src/schema/data: ` ports []ContainerPort #6 strategy=merge key=containerPort list=map:…`. */
export function readField(line: string, refName: RefName): FieldInfo {
  const [, name = "", type = "", ...words] = line.split(" ");
  const field = draftOf(name);
  for (const word of words) readMark(field, word);
  readType(field, type, refName);
  return field as FieldInfo;
}

function draftOf(name: string): Draft {
  return {
    name,
    type: "string",
    goType: "",
    required: false,
    pointer: false,
    always: false,
    omitZero: false,
    format: undefined,
    ref: undefined,
    items: undefined,
    number: undefined,
    enum: undefined,
    default: undefined,
    patchStrategy: undefined,
    mergeKey: undefined,
    listType: undefined,
    listMapKeys: undefined,
    mapType: undefined,
  };
}

function readMark(field: Draft, word: string): void {
  if (word === "r") field.required = true;
  else if (word === "*") field.pointer = true;
  else if (word === "!") field.always = true;
  else if (word === "0") field.omitZero = true;
  else if (word.startsWith("#")) field.number = Number(word.slice(1));
  else if (word.startsWith("@")) field.goType = word.slice(1);
  else readNamedMark(field, word);
}

function readNamedMark(field: Draft, word: string): void {
  const at = word.indexOf("=");
  const value = word.slice(at + 1);
  const name = word.slice(0, at);
  if (name === "strategy") field.patchStrategy = value;
  else if (name === "key") field.mergeKey = value;
  else if (name === "enum") field.enum = value.split(",");
  else if (name === "map") field.mapType = value as "atomic" | "granular";
  else if (name === "default") field.default = JSON.parse(value);
  else {
    const [type, keys] = value.split(":");
    field.listType = type as "map" | "set";
    if (keys) field.listMapKeys = keys.split(",");
  }
}

function readType(field: Draft, type: string, refName: RefName): void {
  if (type.startsWith("[]") || type.startsWith("{}")) {
    readList(field, type, refName);
    return;
  }
  const basic = basics[type];
  if (basic) {
    field.type = basic.type;
    field.format = basic.format;
    if (field.goType === "") field.goType = basic.goType;
    return;
  }
  field.type = "ref";
  field.ref = refName(type);
  if (field.goType === "") field.goType = field.ref.split(".").slice(-2).join(".");
}

function readList(field: Draft, type: string, refName: RefName): void {
  const isList = type.startsWith("[]");
  const item = draftOf("");
  // Elements of lists and maps are written whatever they are.
  item.always = true;
  if (field.goType !== "") item.goType = /^(?:\[\]|map\[[^\]]+\])(.+)$/.exec(field.goType)?.[1] ?? "";
  readType(item, type.slice(2), refName);
  field.type = isList ? "array" : "map";
  field.items = item as FieldInfo;
  if (field.goType === "") field.goType = `${isList ? "[]" : "map[string]"}${item.goType}`;
  if (isList && field.listType === undefined && field.patchStrategy === undefined) field.listType = "atomic";
}

/** The header of a type: `ConfigMapKeySelector map=atomic`. */
export function readTypeHeader(line: string): Pick<TypeInfo, "isKind" | "mapType" | "union"> {
  const info: { isKind: boolean; mapType?: "atomic" | "granular"; union?: TypeInfo["union"] } = { isKind: false };
  for (const word of line.split(" ").slice(1)) {
    if (word === "kind") info.isKind = true;
    else if (word.startsWith("map=")) info.mapType = word.slice(4) as "atomic" | "granular";
    else if (word.startsWith("union=")) {
      const [discriminator = "", ...pairs] = word.slice(6).split(":");
      info.union = {
        discriminator,
        fields: Object.fromEntries(
          pairs
            .join(":")
            .split(",")
            .map((p) => p.split(":")),
        ),
      };
    }
  }
  return info as Pick<TypeInfo, "isKind" | "mapType" | "union">;
}
