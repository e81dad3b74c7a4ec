import type { SchedulerPlugin } from "../define.ts";

/** A pod that names its node goes there or nowhere. */
export const nodeName: SchedulerPlugin = {
  name: "NodeName",
  hasNothingFor: ({ spec }) => !spec.nodeName,
  filter({ spec }, { node }) {
    if (!spec.nodeName || spec.nodeName === node.metadata.name) return undefined;
    return { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };
  },
  helpedBy: (event, { spec }) =>
    event.of === "node" && event.type === "ADDED" && event.object.metadata.name === spec.nodeName,
};
