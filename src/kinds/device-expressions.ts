import { type CelProgram, celQuantity } from "../base/cel.ts";
import { type CelType, celObject, celTypeName } from "../schema/cel-types.ts";
import { compiled } from "./admission-expressions.ts";
import type { Device } from "./types/devices.ts";

const variables: ReadonlyMap<string, CelType> = new Map([
  [
    "device",
    celObject("kubernetes.DRADevice", {
      driver: "string",
      attributes: { map: { map: "dyn" } },
      capacity: { map: { map: "quantity" } },
      allowMultipleAllocations: "bool",
    }),
  ],
]);

/** An expression that chooses devices; a text says what is wrong with it (dynamic-resource-allocation/cel, 1.35). */
export function deviceExpression(expression: string): CelProgram | string {
  const result = compiled(expression, variables);
  if ("fault" in result) return `compilation failed: ${result.fault}`;
  const type = celTypeName(result.type);
  if (type === "bool" || type === "dyn") return result.program;
  return `must evaluate to bool or the unknown type, not ${type}`;
}

/** What an expression sees of a device. Names without a domain are of the driver's own. */
export function deviceVariables(expression: string, driver: string, { attributes, capacity }: Device): object {
  const domains = [...expression.matchAll(/\[\s*(["'])(.*?)\1\s*\]/g)].map(([, , name = ""]) => name);
  return {
    device: {
      driver,
      attributes: byDomain(driver, domains, attributes ?? {}, attributeValue),
      capacity: byDomain(driver, domains, capacity ?? {}, ({ value = "0" }) => celQuantity(value)),
      allowMultipleAllocations: false,
    },
  };
}

/** A domain that is asked for and of which there is nothing is empty, and no fault. */
function byDomain<T>(
  driver: string,
  domains: readonly string[],
  values: Readonly<Record<string, T>>,
  shown: (value: T) => unknown,
): Record<string, Record<string, unknown>> {
  const found = new Map(domains.map((domain) => [domain, new Map<string, unknown>()]));
  for (const [name, value] of Object.entries(values)) {
    const slash = name.indexOf("/");
    const domain = slash < 0 ? driver : name.slice(0, slash);
    const own = found.get(domain) ?? new Map<string, unknown>();
    found.set(domain, own.set(name.slice(slash + 1), shown(value)));
  }
  return Object.fromEntries([...found].map(([domain, own]) => [domain, Object.fromEntries(own)]));
}

function attributeValue(value: Readonly<Record<string, unknown>>): unknown {
  const { bool, int, string: text, version } = value;
  return bool ?? (int === undefined ? undefined : BigInt(int as number)) ?? text ?? version;
}
