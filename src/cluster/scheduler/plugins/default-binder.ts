import type { SchedulerPlugin } from "../define.ts";

/** Binds a pod to its node. The scheduler itself does so. */
export const defaultBinder: SchedulerPlugin = { name: "DefaultBinder", bind: true };
