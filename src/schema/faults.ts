import { fromBase64 } from "../base/base64.ts";
import { parseGoDuration } from "../base/go-duration.ts";
import { goQuote } from "../base/go-text.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { jsonTypeName } from "../base/json-object.ts";
import { canonicalQuantity } from "../base/quantity.ts";
import { timeProblem } from "../base/time.ts";
import { type FieldInfo, shortTypeName, type TypeInfo } from "./define.ts";
import type { RepeatedKeys } from "./repeated-keys.ts";
import { typeBehind } from "./types.ts";

export interface Faults {
  /** The first error, in Go's words. */
  readonly error?: string;
  /** What strict decoding says: unknown field "spec.containers[0].imagee" */
  readonly strict: readonly string[];
}

/** Where we are: Go's errors name the struct and the fields above, without indexes; strict errors name indexes and keys. */
interface Place {
  readonly struct: string;
  readonly fields: string;
  readonly path: string;
}

interface Walk {
  saved: string | undefined;
  readonly strict: string[];
  readonly repeated: RepeatedKeys;
}

/** Thrown by values that decode themselves (quantities, times): nothing after them is read. */
class Stop extends Error {}

/** At most so many strict errors are kept (sigs.k8s.io/json). */
const mostStrictErrors = 100;

/** What is wrong with a body, in the order and the words of sigs.k8s.io/json. Slow: asked only when something is. */
export function faultsIn(body: JsonObject, type: TypeInfo, repeated: RepeatedKeys = new Map()): Faults {
  const walk: Walk = { saved: undefined, strict: [], repeated };
  try {
    walkObject(body, type, noPlace, walk);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { error: error.message, strict: [] };
  }
  if (walk.saved !== undefined) return { error: walk.saved, strict: [] };
  return { strict: [...new Set(walk.strict)].slice(0, mostStrictErrors) };
}

function walkObject(body: JsonObject, type: TypeInfo, place: Place, walk: Walk): undefined {
  const seen = new Set<string>();
  for (const [name, value] of walk.repeated.get(body) ?? Object.entries(body)) {
    if (value === undefined) continue;
    const field = type.fields.get(name);
    const path = place.path === "" ? name : `${place.path}.${name}`;
    if (!field) {
      walk.strict.push(`unknown field ${goQuote(path)}`);
      continue;
    }
    if (seen.has(name)) walk.strict.push(`duplicate field ${goQuote(path)}`);
    seen.add(name);
    const own = field.embedded === undefined ? name : `${field.embedded}.${name}`;
    const fields = place.fields === "" ? own : `${place.fields}.${own}`;
    walkValue(value, field, { struct: shortTypeName(type.name), fields, path }, walk);
  }
}

function walkValue(value: Json, field: FieldInfo, place: Place, walk: Walk): undefined {
  if (value === null) return;
  const word = jsonTypeName(value);
  switch (field.type) {
    case "string":
      return word === "string" ? undefined : misfit(word, field.goType, place, walk);
    case "boolean":
      return word === "bool" ? undefined : misfit(word, field.goType, place, walk);
    case "integer":
    case "number":
      return walkNumber(value, word, field, place, walk);
    case "array":
      return walkList(value, word, field, place, walk);
    case "map":
    case "ref":
      return walkMembers(value, word, field, place, walk);
    case "bytes":
      return walkBytes(value, word, field, place, walk);
    default:
      return checkSpecial(value, word, field, place);
  }
}

function walkNumber(value: Json, word: string, field: FieldInfo, place: Place, walk: Walk): undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return misfit(word, field.goType, place, walk);
  if (field.type === "number") return;
  const whole = typeof value === "bigint" || Number.isInteger(value);
  const fits = field.format === "int64" || (value <= 2147483647 && value >= -2147483648);
  if (!whole || !fits) misfit(`number ${value}`, field.goType, place, walk);
}

function walkList(value: Json, word: string, field: FieldInfo, place: Place, walk: Walk): undefined {
  if (!Array.isArray(value)) return misfit(word, field.goType, place, walk);
  const { items } = field;
  if (!items) return;
  value.forEach((item, i) => {
    walkValue(item, items, { ...place, path: `${place.path}[${i}]` }, walk);
  });
}

function walkMembers(value: Json, word: string, field: FieldInfo, place: Place, walk: Walk): undefined {
  if (word !== "object") return misfit(word, field.goType, place, walk);
  const body = value as JsonObject;
  if (field.type === "ref") {
    const type = typeBehind(field);
    if (type) walkObject(body, type, place, walk);
    return;
  }
  const { items } = field;
  if (!items) return;
  const seen = new Set<string>();
  for (const [key, item] of walk.repeated.get(body) ?? Object.entries(body)) {
    const path = `${place.path}.${key}`;
    if (seen.has(key)) walk.strict.push(`duplicate field ${goQuote(path)}`);
    seen.add(key);
    if (item !== undefined) walkValue(item, items, { ...place, path }, walk);
  }
}

function walkBytes(value: Json, word: string, field: FieldInfo, place: Place, walk: Walk): undefined {
  if (typeof value !== "string") return misfit(word, field.goType, place, walk);
  if (fromBase64(value) === undefined) walk.saved ??= `illegal base64 data at input byte ${firstBadByte(value)}`;
}

/** The offset Go's base64 decoder stops at: a foreign character, or where the last whole group ends. */
function firstBadByte(text: string): number {
  const foreign = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (foreign) return foreign.index;
  const padding = /=[\r\n]*(?![=\r\n]*$)/.exec(text);
  if (padding) return padding.index;
  return text.length - (text.replace(/[\r\n]/g, "").length % 4);
}

/** Values with an UnmarshalJSON of their own: an error there ends the decoding. */
function checkSpecial(value: Json, word: string, field: FieldInfo, place: Place): undefined {
  if (field.type === "any") return;
  if (field.type === "quantity") return checkQuantity(value, word);
  const inner: Walk = { saved: undefined, strict: [], repeated: new Map() };
  if (field.type === "intOrString") {
    const number: FieldInfo = { ...field, type: "integer", format: "int32", goType: "int32" };
    if (word !== "string") walkNumber(value, word, number, place, inner);
  } else if (typeof value !== "string") misfit(word, "string", place, inner);
  else if (field.type === "duration") checkDuration(value);
  else stopIf(field.type === "time" ? timeProblem(value) : microTimeProblem(value));
  stopIf(inner.saved);
}

const noPlace: Place = { struct: "", fields: "", path: "" };

function stopIf(message: string | undefined): undefined {
  if (message !== undefined) throw new Stop(message);
}

/** What Go says of a text that is no metav1.MicroTime: exactly six digits of a second are wanted. */
export function microTimeProblem(text: string): string | undefined {
  const layout = "2006-01-02T15:04:05.000000Z07:00";
  const problem = timeProblem(`${text.slice(0, 19)}Z`);
  if (problem !== undefined) return timeProblem(text)?.replace("2006-01-02T15:04:05Z07:00", layout);
  const fraction = text.slice(19);
  const rest = /^[.,]\d{6}/.test(fraction) ? fraction.slice(7) : undefined;
  const wrong = `parsing time ${goQuote(text)} as "${layout}": cannot parse`;
  if (rest === undefined) return `${wrong} ${goQuote(fraction)} as ".000000"`;
  return /^(Z|[+-]\d\d:\d\d)$/.test(rest) ? undefined : `${wrong} ${goQuote(rest)} as "Z07:00"`;
}

function checkDuration(text: string): undefined {
  try {
    parseGoDuration(text);
  } catch (error) {
    throw new Stop((error as Error).message);
  }
}

function checkQuantity(value: Json, word: string): undefined {
  const text = word === "string" || word === "number" ? (value as string | number) : "?";
  try {
    canonicalQuantity(text);
  } catch (error) {
    throw new Stop((error as Error).message);
  }
}

function misfit(value: string, goType: string, place: Place, walk: Walk): undefined {
  walk.saved ??=
    place.struct === ""
      ? `json: cannot unmarshal ${value} into Go value of type ${goType}`
      : `json: cannot unmarshal ${value} into Go struct field ${place.struct}.${place.fields} of type ${goType}`;
}
