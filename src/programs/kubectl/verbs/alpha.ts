import type { Verb } from "../define.ts";

/** Where kubectl keeps what is not settled yet: nothing. */
export const alpha: Verb = {
  path: ["alpha"],
  usage: "alpha",
  short: "Commands for features in alpha",
  config: "none",
  hidden: true,
  *run({ err }) {
    err.line("No alpha commands are available in this version of kubectl");
  },
};
