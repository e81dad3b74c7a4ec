import { notSimulated } from "../not-simulated.ts";

/** Carries local ports to a pod. */
export const portForward = notSimulated(
  "port-forward",
  "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
  "Forward one or more local ports to a pod",
);
