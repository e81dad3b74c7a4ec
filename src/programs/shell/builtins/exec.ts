import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { ShellExit } from "../problem.ts";

export const exec: Builtin = {
  name: "exec",
  usage: "[-cl] [-a name] [command [argument ...]] [redirection ...]",
  help: "Replace the shell with the given command.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "cla:");
    if (typeof parsed === "number") return parsed;
    const { rest, flags, values } = parsed;
    if (rest.length === 0) {
      shell.execKeeps = true;
      return 0;
    }
    const named = values.get("a") ?? (flags.has("l") ? `-${rest[0]}` : undefined);
    const status = yield* shell.run.become(shell, rest, { clear: flags.has("c"), name: named });
    if (shell.interactive && (status === 126 || status === 127) && shell.proc.argv[0] !== rest[0]) return status;
    shell.traps.delete("EXIT");
    throw new ShellExit(status);
  },
};
