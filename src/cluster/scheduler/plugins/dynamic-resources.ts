import type { SchedulerPlugin } from "../define.ts";

/** Devices that pods claim are not simulated; for a pod without claims the plugin says this of itself (1.35). */
export const dynamicResources: SchedulerPlugin = {
  name: "DynamicResources",
  alsoAt: ["preEnqueue", "preFilter", "filter", "reserve", "preBind"],
  withArgs: () => dynamicResources,
  postFilter: () => ({ says: "no new claims to deallocate" }),
};
