import type { Json } from "./json.ts";

/** The Go types of numbers that templates tell apart. */
export type GoNumberType = "int" | "int64" | "uint8" | "float64";

/** A number whose Go type is not that of JSON data, where a whole number is an int64 and any other a float64. */
export class GoNumber {
  readonly type: GoNumberType;
  readonly value: number | bigint;

  constructor(type: GoNumberType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }
}

/** A Go value with fields and methods, such as Helm's `.Files`. */
export class GoStruct {
  readonly typeName: string;
  readonly fields: Readonly<Record<string, GoValue>>;
  readonly methods: Readonly<Record<string, GoFunction>>;

  constructor(
    typeName: string,
    fields: Readonly<Record<string, GoValue>>,
    methods: Readonly<Record<string, GoFunction>> = {},
  ) {
    this.typeName = typeName;
    this.fields = fields;
    this.methods = methods;
  }
}

/** A function of a template. Arguments of type `reflect.Value` may be missing altogether; those of `interface {}` nil. */
export class GoFunction {
  readonly params: readonly string[];
  /** The type of the arguments beyond `params`, if there may be any. */
  readonly variadic: string | undefined;
  readonly run: (...args: GoValue[]) => GoValue;

  constructor(params: readonly string[], variadic: string | undefined, run: (...args: GoValue[]) => GoValue) {
    this.params = params;
    this.variadic = variadic;
    this.run = run;
  }
}

export interface GoMap {
  readonly [key: string]: GoValue;
}

/** What a template works on. `undefined` is no value at all (a missing key), null a nil interface. */
export type GoValue = Json | GoNumber | GoStruct | GoFunction | readonly GoValue[] | GoMap | undefined;

export function isGoList(value: GoValue): value is readonly GoValue[] {
  return Array.isArray(value);
}

export function isGoMap(value: GoValue): value is GoMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof GoNumber || value instanceof GoStruct || value instanceof GoFunction)
  );
}

const maxInt64 = 2n ** 63n - 1n;

/** A number with its Go type; undefined for what is no number. */
export function numberOf(value: GoValue): { type: GoNumberType; value: number | bigint } | undefined {
  if (value instanceof GoNumber) return value;
  if (typeof value === "bigint") {
    return value > maxInt64 ? { type: "float64", value: Number(value) } : { type: "int64", value };
  }
  if (typeof value !== "number") return undefined;
  return { type: Number.isSafeInteger(value) ? "int64" : "float64", value };
}

/** The name of a value's Go type. */
export function goTypeOf(value: GoValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  const number = numberOf(value);
  if (number) return number.type;
  if (isGoList(value)) return "[]interface {}";
  if (value instanceof GoStruct) return value.typeName;
  return value instanceof GoFunction ? "func()" : "map[string]interface {}";
}

/** Whether a value counts as true: neither zero, nor empty, nor nothing. */
export function goTruth(value: GoValue): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" || isGoList(value)) return value.length > 0;
  const number = numberOf(value);
  if (number) return number.value !== 0 && number.value !== 0n;
  if (!isGoMap(value)) return true;
  for (const key in value) if (value[key] !== undefined) return true;
  return false;
}
