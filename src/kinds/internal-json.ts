import { compareText } from "../base/go-text.ts";
import { unifiedDiff } from "./unified-diff.ts";

/**
 * What a field of Kubernetes' internal types is: its zero value as JSON where it is not set, or the type it has.
 * Internal types have no JSON names, so their fields are printed as Go names them, set or not.
 */
export interface InternalField {
  /** Its name in the public API, where not the internal one with a small first letter. */
  readonly from?: string;
  /** Printed where it is not set; null where left out. */
  readonly zero?: unknown;
  readonly type?: InternalType;
}

/** The fields of an internal type in their order. */
export type InternalType = readonly (readonly [name: string, field?: InternalField])[];

/** The difference of two specs as 1.35 prints it: their internal forms as indented JSON, compared line by line. */
export function internalDiff(before: unknown, after: unknown, type: InternalType): string {
  return unifiedDiff(linesOf(before, type), linesOf(after, type));
}

function linesOf(value: unknown, type: InternalType): string[] {
  return JSON.stringify(internal(value, type), null, 2).split("\n");
}

/** A value as Kubernetes' internal type prints it. */
export function internal(value: unknown, type: InternalType | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((item) => internal(item, type));
  if (typeof value !== "object") return value;
  const source = value as Record<string, unknown>;
  if (!type) return sortedMap(source);
  const result: Record<string, unknown> = {};
  for (const [name, field = {}] of type) {
    const found = source[field.from ?? name.charAt(0).toLowerCase() + name.slice(1)];
    const isUnset = found === undefined || found === null || (Array.isArray(found) && found.length === 0);
    result[name] = isUnset ? (field.zero ?? null) : internal(found, field.type);
  }
  return result;
}

/** A map of texts is printed with its keys sorted; what has no table is printed with Go's names guessed. */
function sortedMap(map: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(map).sort(compareText)) result[key] = internal(map[key], undefined);
  return result;
}
