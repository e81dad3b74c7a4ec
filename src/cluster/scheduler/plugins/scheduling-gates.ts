import type { SchedulerPlugin } from "../define.ts";

/** A pod with scheduling gates does not enter the queue. */
export const schedulingGates: SchedulerPlugin = {
  name: "SchedulingGates",
  preEnqueue: ({ spec }) => !spec.schedulingGates?.length,
};
