import { hostPorts, hostPortsMeet } from "../../../kinds/host-ports.ts";
import type { SchedulerPlugin } from "../define.ts";
import { podLeft } from "../events.ts";

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
    if (!hostPortsMeet(wanted, node.ports.keys())) return undefined;
    return { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };
  },
  helpedBy(event, pod) {
    if (podLeft(event) && event.of === "pod") return hostPortsMeet(hostPorts(pod), hostPorts(event.object));
    return event.of === "node" && event.type === "ADDED";
  },
};
