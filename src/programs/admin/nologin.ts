import type { Program } from "../../machine/define.ts";

/** The shell of those who may not log in. */
export const nologin: Program = {
  name: "nologin",
  folder: "/usr/sbin",
  *run(proc) {
    yield* proc.write(1, "This account is currently not available.\n");
    return 1;
  },
};
