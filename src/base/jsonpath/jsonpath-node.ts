import type { Json } from "../json.ts";

/** A step of a JSONPath template, or a literal that stands in it. */
export type JsonPathNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "literal"; readonly value: number | boolean; readonly float: boolean }
  | { readonly type: "identifier"; readonly name: string }
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "wildcard" }
  | { readonly type: "recursive" }
  | { readonly type: "slice"; readonly from: Bound; readonly to: Bound; readonly step: Bound }
  | { readonly type: "union"; readonly members: readonly JsonPathList[] }
  | { readonly type: "filter"; readonly left: JsonPathList; readonly right: JsonPathList; readonly operator: string }
  | { readonly type: "list"; readonly nodes: JsonPathList };

export type JsonPathList = readonly JsonPathNode[];

/** One of the numbers in `[from:to:step]`. `derived`: `[n]` is `[n:n+1]`. */
export interface Bound {
  readonly value: number | undefined;
  readonly derived?: boolean;
}

/** A template that was read: what stands outside braces is text, what stands inside is a list of steps. */
export interface JsonPath {
  readonly template: string;
  readonly nodes: JsonPathList;
}

/** A template that cannot be read or does not fit the object; the message is kubectl's, without `error: `. */
export class JsonPathError extends Error {
  /** What had been found when the error came: a filter for existence goes by it. */
  readonly found: readonly Json[];

  constructor(message: string, found: readonly Json[] = []) {
    super(message);
    this.name = "JsonPathError";
    this.found = found;
  }
}

/** One value found: JSON, a literal with a point, or "no value", which is what a null becomes as the item of a range. */
export type Found = Json | FloatLiteral | undefined;

/** A literal such as `80.0`, which Go does not compare with whole numbers. */
export class FloatLiteral {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A value found as JSON. */
export function jsonOf(value: Found): Json {
  return value instanceof FloatLiteral ? value.value : (value ?? null);
}
