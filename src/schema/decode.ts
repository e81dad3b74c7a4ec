import { fromBase64 } from "../base/base64.ts";
import { goDuration, parseGoDuration } from "../base/go-duration.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { isObject, jsonTypeName } from "../base/json-object.ts";
import { canonicalQuantity } from "../base/quantity.ts";
import { parseRfc3339, rfc3339, rfc3339Micro } from "../base/time.ts";
import type { FieldInfo, TypeInfo } from "./define.ts";
import { faultsIn, microTimeProblem } from "./faults.ts";
import { readRepeatedKeys } from "./repeated-keys.ts";
import { typeBehind } from "./types.ts";

/** A body whose JSON does not fit its type; the message is Go's. The server answers 400 with `handledAs` around it. */
export class DecodeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DecodeError";
  }
}

export interface Decoded {
  /** As a server would write it back: fresh, not frozen. */
  readonly object: JsonObject;
  /** What strict decoding refuses and lenient decoding warns of: unknown field "spec.foo", in the order of the body. */
  readonly strict: readonly string[];
}

export interface DecodeOptions {
  /**
   * Parts that are frozen are taken over as they are: they come from the store and were decoded before. Only for bodies
   * of programs of the cluster itself.
   */
  readonly trustFrozen?: boolean;
}

/**
 * Reads a body into its type as an API server of 1.35 does (sigs.k8s.io/json, case-sensitive) and gives what the server
 * would write again: unknown fields, nulls and empty values are dropped, values that Go always writes are filled in,
 * quantities and times are in canonical form. Throws a DecodeError.
 */
export function decode(body: JsonObject, type: TypeInfo, options: DecodeOptions = {}): Decoded {
  const state: State = { clean: true, trustFrozen: options.trustFrozen === true };
  const object = decodeObject(body, planOf(type), state);
  if (state.clean) return { object, strict: [] };
  const faults = faultsIn(body, type);
  if (faults.error !== undefined) throw new DecodeError(faults.error);
  return { object, strict: faults.strict };
}

/** Reads a body that came as JSON text, which can name a field twice. The text must have been parsed once without error. */
export function decodeText(text: string, type: TypeInfo): Decoded {
  const { value, repeated } = readRepeatedKeys(text);
  if (!isObject(value))
    throw new DecodeError(`json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${goNameOf(type)}`);
  if (repeated.size === 0) return decode(value, type);
  const faults = faultsIn(value, type, repeated);
  if (faults.error !== undefined) throw new DecodeError(faults.error);
  return { object: decode(value, type).object, strict: faults.strict };
}

function goNameOf(type: TypeInfo): string {
  return type.name.split(".").slice(-2).join(".");
}

/** The sentence of the server's 400: what the body said it is, and what the resource takes. */
export function handledAs(kind: string, version: string, wanted: string, cause: string): string {
  return `${kind} in version "${version}" cannot be handled as a ${wanted}: ${cause}`;
}

interface State {
  clean: boolean;
  readonly trustFrozen: boolean;
}

interface Plan {
  readonly fields: ReadonlyMap<string, FieldInfo>;
  /** What is written even when empty: name, and how to make it. */
  readonly fill: readonly (readonly [name: string, make: () => Json])[];
}

const plans = new WeakMap<TypeInfo, Plan>();

function planOf(type: TypeInfo): Plan {
  const known = plans.get(type);
  if (known) return known;
  const fill: (readonly [string, () => Json])[] = [];
  for (const field of type.fields.values()) {
    const make = emptyOf(field);
    if (make) fill.push([field.name, make]);
  }
  const plan = { fields: type.fields, fill };
  plans.set(type, plan);
  return plan;
}

/** How Go writes a field that was not set; undefined if it leaves it out. */
function emptyOf(field: FieldInfo): (() => Json) | undefined {
  if (field.omitZero || (field.pointer && !field.always)) return undefined;
  if (field.pointer) return () => null;
  if (field.type === "ref") {
    const type = typeBehind(field);
    return type && (() => decodeObject({}, planOf(type), { clean: true, trustFrozen: false }));
  }
  const struct = structZeros[field.type];
  if (struct !== undefined) return () => struct;
  if (!field.always) return undefined;
  const zero = zeros[field.type] ?? null;
  return () => zero;
}

/** Types that are structs in Go, so that omitempty does not leave them out. */
const structZeros: Partial<Record<FieldInfo["type"], Json>> = {
  time: null,
  microTime: null,
  quantity: "0",
  intOrString: 0,
  duration: "0s",
  any: null,
};

const zeros: Partial<Record<FieldInfo["type"], Json>> = { string: "", integer: 0, number: 0, boolean: false };

type Fresh = Record<string, Json | undefined>;

function decodeObject(body: JsonObject, plan: Plan, state: State): Fresh {
  const out: Fresh = {};
  for (const name in body) {
    const value = body[name];
    if (value === undefined) continue;
    const field = plan.fields.get(name);
    if (field === undefined) {
      state.clean = false;
      continue;
    }
    if (value === null) continue;
    const read = decodeValue(value, field, state);
    if (read !== undefined) out[name] = read;
  }
  for (const [name, make] of plan.fill) if (out[name] === undefined) out[name] = make();
  return out;
}

/** The value of a field; undefined where Go would leave it out again, or where it does not fit. */
function decodeValue(value: Json, field: FieldInfo, state: State): Json | undefined {
  switch (field.type) {
    case "string":
      if (typeof value !== "string") return misfit(state);
      return value === "" && !field.pointer && !field.always ? undefined : value;
    case "boolean":
      if (typeof value !== "boolean") return misfit(state);
      return value || field.pointer || field.always ? value : undefined;
    case "integer":
      if (!isInteger(value, field.format === "int32")) return misfit(state);
      return value === 0 && !field.pointer && !field.always ? undefined : value;
    case "number":
      if (typeof value !== "number" && typeof value !== "bigint") return misfit(state);
      return value === 0 && !field.pointer && !field.always ? undefined : value;
    case "ref":
      return decodeRef(value, field, state);
    case "array":
      return decodeList(value, field, state);
    case "map":
      return decodeMap(value, field, state);
    default:
      return decodeSpecial(value, field, state);
  }
}

function misfit(state: State): undefined {
  state.clean = false;
  return undefined;
}

function isInteger(value: Json, small: boolean): boolean {
  if (typeof value === "bigint") return !small;
  return Number.isInteger(value) && (!small || ((value as number) <= 2147483647 && (value as number) >= -2147483648));
}

function decodeRef(value: Json, field: FieldInfo, state: State): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return misfit(state);
  if (state.trustFrozen && Object.isFrozen(value)) return value;
  const type = typeBehind(field);
  if (!type) return value;
  const read = decodeObject(value as JsonObject, planOf(type), state);
  return field.omitZero && isEmpty(read) ? undefined : read;
}

function isEmpty(object: Fresh): boolean {
  for (const _ in object) return false;
  return true;
}

function decodeList(value: Json, field: FieldInfo, state: State): Json | undefined {
  if (!Array.isArray(value)) return misfit(state);
  const { items } = field;
  if (value.length === 0 || items === undefined) return field.always || field.pointer ? [] : undefined;
  if (state.trustFrozen && Object.isFrozen(value)) return value;
  const list: Json[] = [];
  for (const item of value) list.push(decodeElement(item, items, state));
  return list;
}

function decodeMap(value: Json, field: FieldInfo, state: State): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return misfit(state);
  const { items } = field;
  if (items === undefined) return value;
  if (state.trustFrozen && Object.isFrozen(value)) return isEmpty(value as Fresh) && !field.always ? undefined : value;
  const map: Fresh = {};
  let empty = true;
  for (const key in value as JsonObject) {
    const item = (value as JsonObject)[key];
    if (item === undefined) continue;
    empty = false;
    map[key] = decodeElement(item, items, state);
  }
  return empty && !field.always && !field.pointer ? undefined : map;
}

/** Elements are written whatever they are: a null becomes the zero value of its type. */
function decodeElement(item: Json, items: FieldInfo, state: State): Json {
  if (item === null) return zeroElement(items);
  return decodeValue(item, items, state) ?? zeroElement(items);
}

function zeroElement(items: FieldInfo): Json {
  if (items.type === "ref") return emptyOf(items)?.() ?? {};
  return structZeros[items.type] ?? zeros[items.type] ?? null;
}

function decodeSpecial(value: Json, field: FieldInfo, state: State): Json | undefined {
  switch (field.type) {
    case "quantity":
      return readOr(state, () => canonicalQuantity(quantityText(value)));
    case "intOrString":
      return typeof value === "string" || isInteger(value, true) ? value : misfit(state);
    case "time":
      return readTime(value, state);
    case "microTime":
      return typeof value === "string" && microTimeProblem(value) === undefined
        ? rfc3339Micro(parseRfc3339(value) ?? 0)
        : misfit(state);
    case "duration":
      return readOr(state, () => goDuration(parseGoDuration(typeof value === "string" ? value : "")));
    case "bytes":
      if (typeof value !== "string" || fromBase64(value) === undefined) return misfit(state);
      return value === "" && !field.always ? undefined : value.replace(/[\r\n]/g, "");
    default:
      return value;
  }
}

const knownTimes = new Map<string, string>();
const mostKnownTimes = 4096;

/** Most times of a cluster come again and again, written as they should be. */
function readTime(value: Json, state: State): Json | undefined {
  if (typeof value !== "string") return misfit(state);
  const known = knownTimes.get(value);
  if (known !== undefined) return known;
  const at = parseRfc3339(value);
  if (at === undefined) return misfit(state);
  if (knownTimes.size >= mostKnownTimes) knownTimes.clear();
  const text = rfc3339(at);
  knownTimes.set(value, text);
  return text;
}

function quantityText(value: Json): string | number | bigint {
  return typeof value === "number" || typeof value === "bigint" ? value : typeof value === "string" ? value : "?";
}

function readOr(state: State, read: () => Json): Json | undefined {
  try {
    return read();
  } catch {
    return misfit(state);
  }
}
