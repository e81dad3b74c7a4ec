import { pausing } from "../../pausing.ts";

/** Resumes a paused rollout. */
export const resume = pausing(
  {
    path: ["rollout", "resume"],
    usage: "rollout resume RESOURCE [options]",
    short: "Resume a paused resource",
    examples: ["kubectl rollout resume deployment/nginx"],
  },
  { paused: false, operation: "resumed", refused: "resuming is not supported", already: "is not paused" },
);
