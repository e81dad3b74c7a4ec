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

interface Marks {
  required: boolean;
  pointer: boolean;
  always: boolean;
  omitZero: boolean;
  number?: number;
  goType?: string;
  enum?: readonly string[];
  default?: Json;
  patchStrategy?: string;
  mergeKey?: string;
  listType?: "map" | "set" | "atomic";
  listMapKeys?: readonly string[];
  mapType?: "atomic" | "granular";
}

const flags: Readonly<Record<string, "required" | "pointer" | "always" | "omitZero">> = {
  r: "required",
  "*": "pointer",
  "!": "always",
  "0": "omitZero",
};

/** A field's line of src/schema/data: ` ports []ContainerPort #6 strategy=merge key=containerPort list=map:…`. */
export function readField(line: string, refName: (short: string) => string): FieldInfo {
  const [name = "", type = "", ...words] = line.trim().split(" ");
  return fieldOfType(name, type, readMarks(words), refName);
}

function readMarks(words: readonly string[]): Marks {
  const marks: Marks = { required: false, pointer: false, always: false, omitZero: false };
  for (const word of words) {
    const flag = flags[word];
    if (flag) marks[flag] = true;
    else if (word.startsWith("#")) marks.number = Number(word.slice(1));
    else if (word.startsWith("@")) marks.goType = word.slice(1);
    else readNamedMark(marks, word);
  }
  return marks;
}

function readNamedMark(marks: Marks, word: string): void {
  const at = word.indexOf("=");
  const value = word.slice(at + 1);
  const name = word.slice(0, at);
  if (name === "strategy") marks.patchStrategy = value;
  else if (name === "key") marks.mergeKey = value;
  else if (name === "enum") marks.enum = value.split(",");
  else if (name === "map") marks.mapType = value as "atomic" | "granular";
  else if (name === "default") marks.default = JSON.parse(value);
  else {
    const [type, keys] = value.split(":");
    marks.listType = type as "map" | "set";
    if (keys) marks.listMapKeys = keys.split(",");
  }
}

/** Elements of lists and maps are written whatever they are. */
const element: Marks = { required: false, pointer: false, always: true, omitZero: false };

function fieldOfType(name: string, type: string, marks: Marks, refName: (short: string) => string): FieldInfo {
  const list = type.startsWith("[]");
  if (list || type.startsWith("{}")) {
    const goItem = /^(?:\[\]|map\[[^\]]+\])(.+)$/.exec(marks.goType ?? "")?.[1];
    const items = fieldOfType("", type.slice(2), goItem === undefined ? element : { ...element, goType: goItem }, refName);
    const goType = `${list ? "[]" : "map[string]"}${items.goType}`;
    const atomic = list && marks.listType === undefined && marks.patchStrategy === undefined ? { listType: "atomic" as const } : {};
    return { name, type: list ? "array" : "map", goType, items, ...atomic, ...marks };
  }
  const basic = basics[type];
  if (basic) return { name, ...basic, ...marks };
  const ref = refName(type);
  return { name, type: "ref", ref, goType: ref.split(".").slice(-2).join("."), ...marks };
}

/** The header of a type: `ConfigMapKeySelector map=atomic`. */
export function readTypeHeader(line: string): Pick<TypeInfo, "isKind" | "mapType" | "union"> {
  const info: { isKind: boolean; mapType?: "atomic" | "granular"; union?: TypeInfo["union"] } = { isKind: false };
  for (const word of line.split(" ").slice(1)) {
    if (word === "kind") info.isKind = true;
    else if (word.startsWith("map=")) info.mapType = word.slice(4) as "atomic" | "granular";
    else if (word.startsWith("union=")) {
      const [discriminator = "", ...pairs] = word.slice(6).split(":");
      info.union = { discriminator, fields: Object.fromEntries(pairs.join(":").split(",").map((p) => p.split(":"))) };
    }
  }
  return info as Pick<TypeInfo, "isKind" | "mapType" | "union">;
}
