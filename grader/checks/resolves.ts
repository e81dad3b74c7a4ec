import type { Check } from "../define.ts";
import { flag, may, must, text } from "../yaml/fields.ts";

const fields = { resolves: must(text), from: must(text), namespace: may(text), to: may(text), not: may(flag) };

/** A host or pod finds the address of a name: `resolves: web.shop, from: pod/client`. */
export const resolves: Check<typeof fields> = {
  name: "resolves",
  fields,
  problem: ({ to, not }) => (not && to !== undefined ? "not goes without to" : undefined),
  examine(view, values) {
    const machine = view.machine(values.from, values.namespace ?? "default");
    const resolved = machine.network.resolve(machine, values.resolves);
    const what = `${values.resolves} from ${values.from}`;
    if (values.not) return "failed" in resolved ? undefined : `${what} resolves to ${resolved.addresses.join(", ")}`;
    if ("failed" in resolved) return `${what} does not resolve: ${resolved.because}`;
    if (values.to === undefined || resolved.addresses.includes(values.to)) return undefined;
    return `${what} resolves to ${resolved.addresses.join(", ")}, expected ${values.to}`;
  },
};
