import { fromBase64 } from "../../base/base64.ts";
import { celProgram } from "../../base/cel.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject } from "../../base/json-object.ts";
import { schemaAt } from "./define.ts";

/** The words of CEL that a property has to be written differently for (apiserver pkg/cel/escaping.go, 1.35). */
const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** How a property is named in an expression; undefined where it cannot be named. */
export function celName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

/** A value as CEL sees it by its schema: whole numbers as int, others as double, texts of some formats as what they mean. */
export function celValue(value: Json, schema: JsonObject | undefined): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return schema?.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === "string") return textValue(value, schema?.format);
  if (isList(value)) {
    const items = schema && schemaAt(schema, "items");
    return value.map((item) => celValue(item, items));
  }
  if (!isObject(value)) return value;
  const properties = (schema && schemaAt(schema, "properties")) ?? {};
  const others = schema && schemaAt(schema, "additionalProperties");
  const result: Record<string, unknown> = {};
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const own = properties[key];
    const name = isObject(own) ? celName(key) : key;
    if (name !== undefined) result[name] = celValue(item, isObject(own) ? own : others);
  }
  return result;
}

function textValue(text: string, format: Json | undefined): unknown {
  if (format === "byte") return fromBase64(text) ?? text;
  if (format === "date") return celProgram("timestamp(text)").run({ text: `${text}T00:00:00Z` });
  if (format === "date-time" || format === "datetime") return celProgram("timestamp(text)").run({ text });
  return format === "duration" ? celProgram("duration(text)").run({ text }) : text;
}
