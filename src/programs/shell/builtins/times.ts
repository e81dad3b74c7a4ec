import type { Builtin } from "../define.ts";

export const times: Builtin = {
  name: "times",
  usage: "",
  help: "Display process times.",
  *run(shell) {
    return yield* shell.out("times", "0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n");
  },
};
