import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

export const pwd: Builtin = {
  name: "pwd",
  usage: "[-LP]",
  help: "Print the name of the current working directory.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "LP");
    if (typeof parsed === "number") return parsed;
    const { proc } = shell;
    const path = parsed.flags.has("P") ? proc.machine.files.realpath(proc.cwd, proc.credentials) : proc.cwd;
    return yield* shell.out("pwd", `${path}\n`);
  },
};
