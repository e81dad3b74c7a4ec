import type { Deployment } from "../../../kinds/types/workload.ts";
import { shareOf } from "../share.ts";

/** How many pods more than wanted there may be, and how many fewer, while a Deployment rolls out. */
export interface Bounds {
  readonly surge: number;
  readonly unavailable: number;
}

/** maxSurge rounded up, maxUnavailable rounded down; not both zero (deployment_util.go ResolveFenceposts, 1.35). */
export function boundsOf({ spec }: Deployment): Bounds {
  const replicas = spec.replicas ?? 0;
  if (spec.strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
  const { maxSurge, maxUnavailable } = spec.strategy?.rollingUpdate ?? {};
  const surge = shareOf(maxSurge, replicas, "up");
  let unavailable = shareOf(maxUnavailable, replicas, "down");
  if (surge === 0 && unavailable === 0) unavailable = 1;
  return { surge, unavailable: Math.min(unavailable, replicas) };
}
