import type { SchedulerPlugin } from "../define.ts";

/** Orders the queue: the highest priority first, then who came first. The queue itself does so. */
export const prioritySort: SchedulerPlugin = { name: "PrioritySort", queueSort: true };
