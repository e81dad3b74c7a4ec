import type { SchedulerPlugin } from "../define.ts";

/** A pod that names its node goes there or nowhere. */
export const nodeName: SchedulerPlugin = {
  name: "NodeName",
  preFilter: (pod) => (pod.spec.nodeName ? undefined : "skip"),
  filter(pod, { node }) {
    if (pod.spec.nodeName === node.metadata.name) return undefined;
    return { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };
  },
};
