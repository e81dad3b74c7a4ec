import { notSimulated } from "../../not-simulated.ts";

/** Opens what was last applied in the editor. */
export const editLastApplied = notSimulated(
  "apply edit-last-applied",
  "apply edit-last-applied (RESOURCE/NAME | -f FILENAME)",
  "Edit latest last-applied-configuration annotations of a resource/object",
);
