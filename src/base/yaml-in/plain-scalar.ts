import type { Json } from "../json.ts";
import { resolveScalar } from "../yaml-scalar.ts";

/** What stands for a text that is not plain enough: whatever it means, the whole reader finds it out. */
export type NotPlain = undefined;

/** Whether a text is a key as it stands, and a new one. */
export function isPlainKey(key: string, object: Readonly<Record<string, Json>>): boolean {
  return resolveScalar(key).tag === "str" && !(key in object);
}

/** What a text without quotes means. */
export function plainValue(text: string): Json | NotPlain {
  const resolved = resolveScalar(text);
  switch (resolved.tag) {
    case "null":
      return null;
    case "bool":
      return resolved.value;
    case "int": {
      const number = Number(resolved.value);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case "float":
      return Number.isFinite(resolved.value) && resolved.value !== 0 ? resolved.value : undefined;
    default:
      return text;
  }
}
