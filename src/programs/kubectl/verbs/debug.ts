import { notSimulated } from "../not-simulated.ts";

/** Looks into pods and nodes with a container of one's own. */
export const debug = notSimulated(
  "debug",
  "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
  "Create debugging sessions for troubleshooting workloads and nodes",
);
