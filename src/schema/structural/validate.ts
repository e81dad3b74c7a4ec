import { compareText, goFloat } from "../../base/go-text.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isList, isObject, sameJson } from "../../base/json-object.ts";
import { guestRegex } from "../../base/regex.ts";
import { childPath, NOWHERE, type SchemaFault, schemaAt, typeOfValue } from "./define.ts";
import { fitsFormat } from "./formats.ts";

// kube-openapi pkg/validation/validate and pkg/validation/errors (v1.35), and how apiextensions-apiserver
// pkg/apiserver/validation turns their errors into field errors.

/**
 * What is wrong with a value by its OpenAPI v3 schema. What is the same part as in the old object was accepted then, and
 * is not looked at again (CRDValidationRatcheting).
 */
export function schemaFaults(schema: JsonObject, value: Json, old?: Json, path = ""): SchemaFault[] {
  const faults: SchemaFault[] = [];
  check({ schema, value, old, path }, faults);
  return faults;
}

interface Place {
  readonly schema: JsonObject;
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
}

function check(place: Place, faults: SchemaFault[]): void {
  const { schema, value, old } = place;
  if (old !== undefined && value === old) return;
  if (value === null && schema.nullable === true) return;
  const wrongType = typeFault(place);
  if (wrongType) {
    faults.push(wrongType);
    return;
  }
  combined(place, faults);
  if (typeof value === "string") checkText(place, value, faults);
  else if (typeof value === "number" || typeof value === "bigint") checkNumber(place, value, faults);
  else if (isList(value)) checkList(place, value, faults);
  else if (isObject(value)) checkObject(place, value, faults);
  const allowed = schema.enum;
  if (isList(allowed) && !allowed.some((one) => sameJson(one, value))) {
    const supported = allowed.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
    faults.push({ type: "NotSupported", path: at(place), value, supported });
  }
}

function typeFault(place: Place): SchemaFault | undefined {
  const { schema, value, path } = place;
  const types = schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : [String(schema.type ?? "")];
  if (types[0] === "") return undefined;
  const found = typeOfValue(value);
  if (types.includes(found) || (found === "integer" && types.includes("number"))) return undefined;
  const detail = `${path} in body must be of type ${types.join(",")}: "${found}"`;
  return { type: "TypeInvalid", path: at(place), value: found, detail };
}

function at({ path }: Place): string {
  return path === "" ? NOWHERE : path;
}

function broken(place: Place, says: string, value: unknown = place.value): SchemaFault {
  return { type: "Invalid", path: at(place), value, detail: `${place.path} in body ${says}` };
}

function checkText(place: Place, text: string, faults: SchemaFault[]): void {
  const { schema } = place;
  const { maxLength, minLength, pattern, format } = schema;
  const length = [...text].length;
  if (typeof maxLength === "number" && length > maxLength) {
    const detail = `may not be more than ${maxLength} ${maxLength === 1 ? "byte" : "bytes"}`;
    faults.push({ type: "TooLong", path: at(place), detail });
  }
  if (typeof minLength === "number" && length < minLength)
    faults.push(broken(place, `should be at least ${minLength} chars long`));
  if (typeof pattern === "string" && !guestRegex(pattern).test(text))
    faults.push(broken(place, `should match '${pattern}'`));
  if (typeof format === "string" && !fitsFormat(text, format)) {
    const detail = `${place.path} in body must be of type ${format}: ${JSON.stringify(text)}`;
    faults.push({ type: "TypeInvalid", path: at(place), value: text, detail });
  }
}

function checkNumber(place: Place, number: number | bigint, faults: SchemaFault[]): void {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = place.schema;
  const value = Number(number);
  if (typeof multipleOf === "number" && !isMultiple(value, multipleOf))
    faults.push(broken(place, `should be a multiple of ${goFloat(multipleOf)}`));
  if (typeof maximum === "number") {
    const open = exclusiveMaximum === true;
    if (open ? value >= maximum : value > maximum)
      faults.push(broken(place, `should be less than ${open ? "" : "or equal to "}${goFloat(maximum)}`));
  }
  if (typeof minimum === "number") {
    const open = exclusiveMinimum === true;
    if (open ? value <= minimum : value < minimum)
      faults.push(broken(place, `should be greater than ${open ? "" : "or equal to "}${goFloat(minimum)}`));
  }
}

function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

function checkList(place: Place, list: readonly Json[], faults: SchemaFault[]): void {
  const { schema, path, old } = place;
  const { minItems, maxItems } = schema;
  const items = schemaAt(schema, "items");
  if (items) {
    const oldList = isList(old) ? old : undefined;
    const keys = isList(schema["x-kubernetes-list-map-keys"]) ? schema["x-kubernetes-list-map-keys"] : [];
    list.forEach((value, i) => {
      const before = schema["x-kubernetes-list-type"] === "map" ? sameKeyed(oldList, value, keys) : undefined;
      check({ schema: items, value, old: before, path: `${path}[${i}]` }, faults);
    });
  }
  if (typeof minItems === "number" && list.length < minItems)
    faults.push(broken(place, `should have at least ${minItems} items`, list.length));
  if (typeof maxItems === "number" && list.length > maxItems)
    faults.push({ type: "TooMany", path: at(place), value: list.length, detail: tooMany(maxItems) });
}

/** The element of a list that has the same keys. */
export function sameKeyed(list: readonly Json[] | undefined, value: Json, keys: readonly Json[]): Json | undefined {
  if (!list || !isObject(value)) return undefined;
  return list.find((other) => isObject(other) && keys.every((key) => sameJson(other[String(key)], value[String(key)])));
}

function tooMany(limit: number): string {
  return `must have at most ${limit} ${limit === 1 ? "item" : "items"}`;
}

function checkObject(place: Place, object: JsonObject, faults: SchemaFault[]): void {
  const { schema, path, old } = place;
  const { minProperties, maxProperties, required } = schema;
  const properties = schemaAt(schema, "properties") ?? {};
  const others = schemaAt(schema, "additionalProperties");
  const oldObject = isObject(old) ? old : undefined;
  const names = Object.keys(object).sort(compareText);
  if (typeof minProperties === "number" && names.length < minProperties)
    faults.push(broken(place, `should have at least ${minProperties} properties`, names.length));
  if (typeof maxProperties === "number" && names.length > maxProperties)
    faults.push({ type: "TooMany", path: at(place), value: names.length, detail: tooMany(maxProperties) });
  for (const name of names) {
    const value = object[name];
    const inner = isObject(properties[name]) ? properties[name] : others;
    if (inner && value !== undefined)
      check({ schema: inner, value, old: oldObject?.[name], path: childPath(path, name) }, faults);
  }
  for (const name of isList(required) ? required : []) {
    if (object[String(name)] === undefined) faults.push({ type: "Required", path: childPath(path, String(name)) });
  }
}

/** allOf, anyOf, oneOf, not. Their own errors have no path, only a text that names it. */
function combined(place: Place, faults: SchemaFault[]): void {
  const { schema, path } = place;
  const say = (text: string) =>
    faults.push({ type: "Invalid", path: NOWHERE, value: "", detail: `${JSON.stringify(path)} must ${text}` });
  const tried = (key: string) =>
    (isList(schema[key]) ? (schema[key] as readonly Json[]) : []).filter(isObject).map((inner) => {
      const found: SchemaFault[] = [];
      check({ ...place, schema: inner, old: undefined }, found);
      return found;
    });
  const best = (all: readonly SchemaFault[][]) =>
    all.reduce((least, found) => (found.length < least.length ? found : least), all[0] ?? []);
  const any = schema["x-kubernetes-int-or-string"] === true ? [] : tried("anyOf");
  if (any.length > 0 && !any.some((found) => found.length === 0)) {
    say("validate at least one schema (anyOf)");
    faults.push(...best(any));
  }
  const one = tried("oneOf");
  const valid = one.filter((found) => found.length === 0).length;
  if (one.length > 0 && valid !== 1) {
    const what = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    say(`validate one and only one schema (oneOf). ${what}`);
    if (valid === 0) faults.push(...best(one));
  }
  const all = tried("allOf");
  const good = all.filter((found) => found.length === 0).length;
  for (const found of all) faults.push(...found);
  if (good < all.length) say(`validate all the schemas (allOf)${good === 0 ? ". None validated" : ""}`);
  const not = schemaAt(schema, "not");
  if (not) {
    const found: SchemaFault[] = [];
    check({ ...place, schema: not, old: undefined }, found);
    if (found.length === 0) say("not validate the schema (not)");
  }
}
