import { pausing } from "../../pausing.ts";

/** Pauses the rollout of a workload: changes of its template then have no effect. */
export const pause = pausing(
  {
    path: ["rollout", "pause"],
    usage: "rollout pause RESOURCE [options]",
    short: "Mark the provided resource as paused",
    examples: ["kubectl rollout pause deployment/nginx"],
  },
  { paused: true, operation: "paused", refused: "pausing is not supported", already: "is already paused" },
);
