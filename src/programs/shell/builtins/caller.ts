import type { Builtin } from "../define.ts";

export const caller: Builtin = {
  name: "caller",
  usage: "[expr]",
  help: "Return the context of the current subroutine call.",
  *run(shell, [depth]) {
    const calls = [...shell.calls].reverse();
    const at = Number(depth ?? 0);
    const call = calls[at];
    if (!call) return 1;
    const outer = calls[at + 1];
    const source = outer?.source ?? (shell.kind === "command" ? "NULL" : shell.name);
    return yield* shell.out("caller", depth === undefined ? `${call.from} ${source}\n` : `${call.from} ${outer?.name ?? "main"} ${source}\n`);
  },
};
