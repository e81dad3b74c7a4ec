import type { Builtin } from "../define.ts";

export const caller: Builtin = {
  name: "caller",
  usage: "[expr]",
  help: "Return the context of the current subroutine call.",
  *run(shell, [depth]) {
    const calls = [...shell.calls].reverse();
    const at = Number(depth ?? 0);
    const call = calls[at];
    const outer = calls[at + 1];
    if (!call || (depth !== undefined && !outer)) return 1;
    return yield* shell.out(
      "caller",
      depth === undefined
        ? `${call.from} ${outer?.source ?? "NULL"}\n`
        : `${call.from} ${outer?.name} ${outer?.source}\n`,
    );
  },
};
