import type { Machine } from "../../../machine/machine.ts";
import type { Process } from "../../../machine/process.ts";

/** The host whose kernel rules a program sees: its own, or that of the node where its container uses the node's network. Undefined in a pod's own network, which has none. */
export function rulesHost({ machine }: Process): Machine | undefined {
  if (!machine.host) return machine;
  return machine.net === machine.host.net ? machine.host : undefined;
}

export const isRoot = ({ credentials }: Process): boolean => credentials.uid === 0;
