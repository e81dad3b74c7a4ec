import type { LabelSelectorFields } from "../../../../base/selector.ts";
import { rfc3339 } from "../../../../base/time.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Process } from "../../../../machine/process.ts";

export const POOLS = "ipaddresspools.metallb.io";
export const L2_ADVERTISEMENTS = "l2advertisements.metallb.io";
export const SYSTEM = "metallb-system";
/** The port of both, where they tell their metrics and are probed. */
export const MONITORING = 7472;

/** Addresses that Services may get. */
export interface IPAddressPool extends KubeObject {
  spec: {
    addresses: string[];
    autoAssign?: boolean;
    avoidBuggyIPs?: boolean;
    serviceAllocation?: {
      priority?: number;
      namespaces?: string[];
      namespaceSelectors?: LabelSelectorFields[];
      serviceSelectors?: LabelSelectorFields[];
    };
  };
}

/** From which nodes the addresses of which pools are announced on the nodes' own network. */
export interface L2Advertisement extends KubeObject {
  spec?: {
    ipAddressPools?: string[];
    ipAddressPoolSelectors?: LabelSelectorFields[];
    nodeSelectors?: LabelSelectorFields[];
  };
}

/** The Services of another class of load balancers are not MetalLB's. */
export function isOurs(spec: { readonly [field: string]: unknown }): boolean {
  return spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined;
}

/** Writes a line of the log, as go-kit writes JSON: by the names of its fields. */
export function logLine(proc: Process, level: "info" | "error", fields: Readonly<Record<string, unknown>>): void {
  const ts = rfc3339(proc.machine.kernel.clock.now);
  const all: Record<string, unknown> = { ...fields, level, ts };
  const sorted = Object.fromEntries(
    Object.keys(all)
      .sort()
      .map((key) => [key, all[key]]),
  );
  proc.fds.get(1)?.write?.(`${JSON.stringify(sorted)}\n`);
}
