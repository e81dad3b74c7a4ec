import type { Json, JsonObject } from "../../src/base/json.ts";
import { isObject } from "../../src/base/json-object.ts";
import { entriesOf, fail, isListPlace, itemsOf, type Place, sourceText, valueAt } from "./place.ts";

/** Reads a value of one type. Throws ExerciseError where it is another. */
export type Reader<T> = (place: Place) => T;

/** A key of a mapping: how its value is read, and whether it must be there. */
export interface Field<T = unknown, R extends boolean = boolean> {
  readonly read: Reader<T>;
  readonly required: R;
}
export type FieldTable = Readonly<Record<string, Field>>;

/** What a mapping with these fields is read to. */
export type Values<F extends FieldTable> = {
  readonly [K in keyof F]: F[K] extends Field<infer T, infer R> ? (R extends true ? T : T | undefined) : never;
};

export function must<T>(read: Reader<T>): Field<T, true> {
  return { read, required: true };
}

export function may<T>(read: Reader<T>): Field<T, false> {
  return { read, required: false };
}

/** Reads a mapping; a key that is not in the table, or one that is missing, is an error. */
export function readFields<F extends FieldTable>(place: Place, table: F): Values<F> {
  const values: Record<string, unknown> = {};
  for (const [key, at, value] of entriesOf(place)) {
    const field = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!field) fail(at, `unknown key ${key}; ${place.key} has ${Object.keys(table).join(", ")}`);
    values[key] = field.read(value);
  }
  for (const [key, field] of Object.entries(table))
    if (field.required && !Object.hasOwn(values, key)) fail(place, `${place.key} lacks ${key}`);
  return values as Values<F>;
}

export const text: Reader<string> = (place) => {
  const value = valueAt(place);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value : fail(place, `${place.key} must be a text`);
};

/** Text for the simulated shell, which has ${variables} of its own. */
export const script: Reader<string> = (place) => {
  const value = valueAt(place, "lenient");
  return typeof value === "string" ? value : fail(place, `${place.key} must be a text`);
};

/** Text as it is spelled in the file, so that a mode keeps its leading zero. */
export const spelled: Reader<string> = sourceText;

export const flag: Reader<boolean> = (place) => {
  const value = valueAt(place);
  return typeof value === "boolean" ? value : fail(place, `${place.key} must be true or false`);
};

export const positive: Reader<number> = (place) => {
  const value = count(place);
  return value > 0 ? value : fail(place, `${place.key} must be a positive whole number`);
};

export const count: Reader<number> = (place) => {
  const value = valueAt(place);
  const isCount = typeof value === "number" && Number.isInteger(value) && value >= 0;
  return isCount ? value : fail(place, `${place.key} must be a whole number`);
};

export const json: Reader<Json> = (place) => valueAt(place);

export const shape: Reader<JsonObject> = (place) => {
  const value = valueAt(place);
  return isObject(value) ? value : fail(place, `${place.key} must be a mapping`);
};

export const labels: Reader<Readonly<Record<string, string>>> = (place) =>
  Object.fromEntries(entriesOf(place).map(([key, , value]) => [key, text(value)]));

export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (place) => itemsOf(place).map(read);
}

/** A single value stands for a list of one. */
export function oneOrMore<T>(read: Reader<T>): Reader<readonly T[]> {
  return (place) => (isListPlace(place) ? itemsOf(place).map(read) : [read(place)]);
}

export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return (place) => {
    const value = text(place);
    const word = words.find((one) => one === value);
    return word ?? fail(place, `${place.key} must be one of ${words.join(", ")}`);
  };
}

export function mapping<F extends FieldTable>(table: F): Reader<Values<F>> {
  return (place) => readFields(place, table);
}
