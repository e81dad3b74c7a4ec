import { notSimulated } from "../not-simulated.ts";

/** Shows what an apply would change. */
export const diff = notSimulated(
  "diff",
  "diff -f FILENAME",
  "Diff the live version against a would-be applied version",
);
