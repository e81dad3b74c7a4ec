import { canonicalQuantity, milliQuantity, parseQuantity } from "../../base/quantity.ts";

/** Writes the quantities of a resource list canonically, rounded up to thousandths (core/v1 SetDefaults_ResourceList, 1.35). */
export function canonicalList(list: Record<string, string> | undefined): void {
  for (const name in list) {
    const quantity = parseQuantity(list[name] ?? "");
    const text = quantity.nanos % 1_000_000n === 0n ? quantity.text : milliQuantity(quantity.milli).text;
    if (list[name] !== text) list[name] = text;
  }
}

/** The canonical spelling of a quantity that may be left out. */
export function canonical<T extends string | undefined>(text: T): T {
  return (text === undefined ? text : canonicalQuantity(text)) as T;
}
