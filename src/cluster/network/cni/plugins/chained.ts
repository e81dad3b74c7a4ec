import type { CniPlugin } from "../define.ts";

/** Plugins that come after one which gives the address. Ports of the node are the runtime's to map; rates are not simulated. */
export const chained: readonly CniPlugin[] = ["bandwidth", "firewall", "portmap", "tuning"].map((type) => ({
  type,
  add: () => undefined,
}));
