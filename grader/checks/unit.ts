import type { Check } from "../define.ts";
import { splitReference } from "../words.ts";
import { flag, may, must, text } from "../yaml/fields.ts";

const fields = { unit: must(text), active: may(flag), enabled: may(flag) };

/** A unit of a host runs, or starts at boot: `unit: worker-1/kubelet, enabled: true`. */
export const unit: Check<typeof fields> = {
  name: "unit",
  fields,
  problem({ unit, active, enabled }) {
    if (!splitReference(unit)) return `${unit} is no unit like worker-1/kubelet`;
    return active === undefined && enabled === undefined ? "unit needs active or enabled" : undefined;
  },
  examine(view, values) {
    const [host = "", name = ""] = splitReference(values.unit) ?? [];
    const found = view.unit(host, name);
    if (values.active !== undefined && (found.active === "active") !== values.active)
      return `${name} on ${host} is ${found.active}, expected ${values.active ? "active" : "not active"}`;
    if (values.enabled !== undefined && (found.enabled === "enabled") !== values.enabled)
      return `${name} on ${host} is ${found.enabled ?? "not there"}, expected ${values.enabled ? "enabled" : "not enabled"}`;
    return undefined;
  },
};
