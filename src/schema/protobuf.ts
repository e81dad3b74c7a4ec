import { base64Of } from "../base/base64.ts";
import { SECOND } from "../base/clock.ts";
import { goDuration } from "../base/go-duration.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { textOf } from "../base/text-bytes.ts";
import { rfc3339, rfc3339Micro } from "../base/time.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";
import { type Message, readMessage, type WireValue } from "./protobuf-wire.ts";
import { typeBehind, typeOfKind } from "./types.ts";

export const protobufContentType = "application/vnd.kubernetes.protobuf";

/** A protobuf body that cannot be read. */
export class ProtobufError extends Error {}

/**
 * The object in a body of `application/vnd.kubernetes.protobuf`, as JSON: the envelope "k8s\0" with runtime.Unknown,
 * then the message of the kind it names. Zero values of fields that are no pointers are on the wire and are dropped.
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (bytes[0] !== 0x6b || bytes[1] !== 0x38 || bytes[2] !== 0x73 || bytes[3] !== 0) {
    throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }
  const unknown = readMessage(bytes.subarray(4));
  const meta = readMessage(bytesIn(unknown, 1));
  const apiVersion = textOf(bytesIn(meta, 1));
  const kind = textOf(bytesIn(meta, 2));
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const type = typeOfKind(group, version, kind);
  if (!type) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...objectOf(readMessage(bytesIn(unknown, 2)), type) };
}

function bytesIn(message: Message, number: number): Uint8Array {
  const value = message.get(number)?.at(-1);
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function objectOf(message: Message, type: TypeInfo): Record<string, Json> {
  const object: Record<string, Json> = {};
  for (const [number, values] of message) {
    const field = type.messages.get(number);
    if (!field) continue;
    if (field.inlined) {
      const inner = typeBehind(field);
      const bytes = values.at(-1);
      if (inner && bytes instanceof Uint8Array) Object.assign(object, objectOf(readMessage(bytes), inner));
      continue;
    }
    const value = fieldValue(values, field);
    if (value !== undefined && (field.pointer || !isZero(value))) object[field.name] = value;
  }
  return object;
}

function isZero(value: Json): boolean {
  if (typeof value !== "object" || value === null)
    return value === 0 || value === "" || value === false || value === null;
  return Object.keys(value).length === 0;
}

function fieldValue(values: readonly WireValue[], field: FieldInfo): Json | undefined {
  const { items } = field;
  if (field.type === "array" && items) return values.flatMap((v) => listElements(v, items));
  if (field.type === "map" && items) return mapOf(values, items);
  const last = values.at(-1);
  return last === undefined ? undefined : plainValue(last, field);
}

/** Numbers may be packed into one value. */
function listElements(value: WireValue, items: FieldInfo): Json[] {
  if (items.type === "integer" && value instanceof Uint8Array) {
    return [...(readMessage(value, true).get(0) ?? [])].map((v) => plainValue(v, items));
  }
  return [plainValue(value, items)];
}

function mapOf(values: readonly WireValue[], items: FieldInfo): JsonObject {
  const map: Record<string, Json> = {};
  for (const value of values) {
    if (!(value instanceof Uint8Array)) continue;
    const entry = readMessage(value);
    const last = entry.get(2)?.at(-1);
    map[textOf(bytesIn(entry, 1))] = last === undefined ? emptyValue(items) : plainValue(last, items);
  }
  return map;
}

function emptyValue(items: FieldInfo): Json {
  if (items.type === "array") return [];
  return items.type === "integer" ? 0 : items.type === "quantity" ? "0" : "";
}

function plainValue(value: WireValue, field: FieldInfo): Json {
  if (!(value instanceof Uint8Array)) return scalarValue(value, field);
  switch (field.type) {
    case "bytes":
      return base64Of(value);
    case "ref": {
      const type = typeBehind(field);
      return type ? objectOf(readMessage(value), type) : {};
    }
    case "array":
      return (readMessage(value).get(1) ?? []).map((v) => plainValue(v, field.items ?? field));
    case "quantity":
      return textOf(bytesIn(readMessage(value), 1));
    case "intOrString":
      return intOrString(readMessage(value));
    case "time":
    case "microTime":
      return timeText(readMessage(value), field.type === "microTime");
    case "duration":
      return goDuration(Number(numberIn(readMessage(value), 1)) / 1000);
    case "any":
      return JSON.parse(textOf(bytesIn(readMessage(value), 1)) || "null");
    default:
      return textOf(value);
  }
}

function scalarValue(value: bigint | number, field: FieldInfo): Json {
  if (typeof value === "number") return value;
  if (field.type === "boolean") return value !== 0n;
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function numberIn(message: Message, number: number): bigint {
  const value = message.get(number)?.at(-1);
  return typeof value === "bigint" ? BigInt.asIntN(64, value) : 0n;
}

/** intstr.IntOrString: 1 type (1 is a string), 2 intVal, 3 strVal. */
function intOrString(message: Message): Json {
  return numberIn(message, 1) === 1n ? textOf(bytesIn(message, 3)) : Number(numberIn(message, 2));
}

/** metav1.Time: 1 seconds, 2 nanos; an empty message is no time. */
function timeText(message: Message, micro: boolean): Json {
  if (message.size === 0) return null;
  const at = Number(numberIn(message, 1)) * SECOND + Math.floor(Number(numberIn(message, 2)) / 1000);
  return micro ? rfc3339Micro(at) : rfc3339(at);
}
