import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import { declare } from "../declare-names.ts";
import type { ArrayArguments, Builtin } from "../define.ts";
import type { Shell } from "../shell.ts";

export const exportBuiltin: Builtin = {
  name: "export",
  usage: "[-fn] [name[=value] ...] or export -p",
  help: "Set export attribute for shell variables.",
  run(shell, args, arrays) {
    return run(shell, this, args, arrays, "fnp", "x");
  },
};

export const readonly: Builtin = {
  name: "readonly",
  usage: "[-aAf] [name[=value] ...] or readonly -p",
  help: "Mark shell variables as unchangeable.",
  run(shell, args, arrays) {
    return run(shell, this, args, arrays, "aAfp", "r");
  },
};

function* run(
  shell: Shell,
  builtin: Builtin,
  args: readonly string[],
  arrays: ArrayArguments,
  spec: string,
  attribute: string,
): Task<number> {
  const parsed = yield* parseOptions(shell, builtin, args, spec);
  if (typeof parsed === "number") return parsed;
  const { flags, rest } = parsed;
  const on = new Set([...flags].filter((letter) => "aAf".includes(letter)));
  const off = new Set<string>();
  (flags.has("n") ? off : on).add(attribute);
  return yield* declare(shell, {
    command: builtin.name,
    on,
    off,
    local: false,
    names: rest,
    arrays,
    from: args.length - rest.length,
  });
}
