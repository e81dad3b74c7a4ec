import type { Task } from "../../../machine/define.ts";
import type { Builtin } from "../define.ts";
import { stateOf } from "../job-table.ts";
import { ShellExit } from "../problem.ts";
import type { Shell } from "../shell.ts";
import { statusOf } from "../status-argument.ts";

export const exit: Builtin = {
  name: "exit",
  usage: "[n]",
  help: "Exit the shell.",
  *run(shell, args) {
    if (shell.interactive) yield* shell.error(shell.login ? "logout\n" : "exit\n");
    return yield* leave(shell, "exit", args);
  },
};

export const logout: Builtin = {
  name: "logout",
  usage: "[n]",
  help: "Exit a login shell.",
  *run(shell, args) {
    if (!shell.login) {
      yield* shell.complain("logout: not login shell: use `exit'");
      return 1;
    }
    if (shell.interactive) yield* shell.error("logout\n");
    return yield* leave(shell, "logout", args);
  },
};

function* leave(shell: Shell, name: string, args: readonly string[]): Task<number> {
  const status = yield* statusOf(shell, name, args);
  if (shell.interactive && !shell.warnedOfJobs && shell.jobs.jobs.some((job) => stateOf(job) === "stopped")) {
    shell.warnedOfJobs = true;
    yield* shell.error("There are stopped jobs.\n");
    return 1;
  }
  throw new ShellExit(status);
}
