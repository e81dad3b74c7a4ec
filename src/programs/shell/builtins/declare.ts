import type { Task } from "../../../machine/define.ts";
import { usageError } from "../builtin-options.ts";
import { declare as declareNames } from "../declare-names.ts";
import type { ArrayArguments, Builtin } from "../define.ts";
import type { Shell } from "../shell.ts";

export const declare: Builtin = {
  name: "declare",
  usage: "[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]",
  help: "Set variable values and attributes.",
  run: (shell, args, arrays) => run(shell, "declare", args, arrays),
};

export const typeset: Builtin = {
  ...declare,
  name: "typeset",
  run: (shell, args, arrays) => run(shell, "typeset", args, arrays),
};

export const local: Builtin = {
  name: "local",
  usage: "[option] name[=value] ...",
  help: "Define local variables.",
  *run(shell, args, arrays) {
    if (shell.vars.depth === 0) {
      yield* shell.complain("local: can only be used in a function");
      return 1;
    }
    return yield* run(shell, "local", args, arrays);
  },
};

function* run(shell: Shell, name: string, args: readonly string[], arrays: ArrayArguments): Task<number> {
  const on = new Set<string>();
  const off = new Set<string>();
  let at = 0;
  for (; at < args.length && /^[-+]./.test(args[at] as string); at++) {
    const arg = args[at] as string;
    if (arg === "--") {
      at++;
      break;
    }
    for (const letter of arg.slice(1)) {
      if (!"aAfFgiIlnprtux".includes(letter))
        return yield* usageError(shell, { name, usage: declare.usage }, `${arg[0]}${letter}: invalid option`);
      (arg[0] === "-" ? on : off).add(letter);
    }
  }
  const local = shell.vars.depth > 0 && !on.has("g");
  return yield* declareNames(shell, { command: name, on, off, local, names: args.slice(at), arrays, from: at });
}
