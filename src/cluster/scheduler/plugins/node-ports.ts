import type { SchedulerPlugin } from "../define.ts";
import { hostPorts } from "../node-cache.ts";

/** Two pods cannot have the same host port on one node. */
export const nodePorts: SchedulerPlugin = {
  name: "NodePorts",
  preFilter(pod, state) {
    const ports = hostPorts(pod);
    if (ports.length === 0) return "skip";
    state.kept.set("NodePorts", ports);
    return undefined;
  },
  filter(_pod, node, state) {
    const wanted = state.kept.get("NodePorts") as readonly string[];
    const taken = wanted.some((port) => [...node.ports].some((used) => conflicts(port, used)));
    if (!taken) return undefined;
    return { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };
  },
};

function conflicts(a: string, b: string): boolean {
  const [protocolA, addressA, portA] = a.split("/");
  const [protocolB, addressB, portB] = b.split("/");
  if (protocolA !== protocolB || portA !== portB) return false;
  return addressA === addressB || addressA === "0.0.0.0" || addressB === "0.0.0.0";
}
