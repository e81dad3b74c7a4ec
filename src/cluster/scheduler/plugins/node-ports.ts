import type { SchedulerPlugin } from "../define.ts";
import { podLeft } from "../events.ts";
import { hostPorts } from "../node-entry.ts";

const NAME = "NodePorts";

/** Two pods cannot have the same host port on one node. */
export const nodePorts: SchedulerPlugin = {
  name: NAME,
  preFilter(pod, { kept }) {
    const ports = hostPorts(pod);
    if (ports.length === 0) return "skip";
    kept.set(NAME, ports);
    return undefined;
  },
  filter(_pod, node, { kept }) {
    const wanted = kept.get(NAME) as readonly string[];
    if (!meet(wanted, node.ports.keys())) return undefined;
    return { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };
  },
  helpedBy(event, pod) {
    if (podLeft(event) && event.of === "pod") return meet(hostPorts(pod), hostPorts(event.object));
    return event.of === "node" && event.type === "ADDED";
  },
};

function meet(some: readonly string[], others: Iterable<string>): boolean {
  for (const other of others) if (some.some((port) => conflicts(port, other))) return true;
  return false;
}

function conflicts(a: string, b: string): boolean {
  const [protocolA, addressA, portA] = a.split("/");
  const [protocolB, addressB, portB] = b.split("/");
  if (protocolA !== protocolB || portA !== portB) return false;
  return addressA === addressB || addressA === "0.0.0.0" || addressB === "0.0.0.0";
}
