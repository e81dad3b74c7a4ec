import type { Verb } from "../define.ts";
import { globalHelp } from "../help.ts";

/** The flags that every command takes. */
export const options: Verb = {
  path: ["options"],
  usage: "options",
  short: "Print the list of flags inherited by all commands",
  config: "none",
  hidden: "in help",
  *run({ out }) {
    out.write(globalHelp());
  },
};
