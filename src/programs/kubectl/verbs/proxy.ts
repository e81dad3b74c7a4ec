import { notSimulated } from "../not-simulated.ts";

/** Serves the API on a local port. */
export const proxy = notSimulated(
  "proxy",
  "proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
  "Run a proxy to the Kubernetes API server",
);
