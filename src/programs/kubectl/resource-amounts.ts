import { canonicalQuantity } from "../../base/quantity.ts";
import { CommandFault } from "./faults.ts";

/** cpu=1,memory=2Gi as a resource list; undefined for no text (cmd/util populateResourceListV1). */
export function resourceAmounts(text: string): Readonly<Record<string, string>> | undefined {
  if (text === "") return undefined;
  const amounts: Record<string, string> = {};
  for (const statement of text.split(",")) {
    const parts = statement.split("=");
    const [name = "", amount = ""] = parts;
    if (parts.length !== 2) throw new CommandFault(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    amounts[name] = canonicalQuantity(amount);
  }
  return amounts;
}
