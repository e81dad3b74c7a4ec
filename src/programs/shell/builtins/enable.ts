import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

export const enable: Builtin = {
  name: "enable",
  usage: "[-a] [-dnps] [-f filename] [name ...]",
  help: "Enable and disable shell builtins.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "adnpsf:");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    if (rest.length === 0) {
      const names = [...shell.run.builtinNames()].sort();
      const shown = names.filter((name) => flags.has("a") || shell.disabled.has(name) === flags.has("n"));
      return yield* shell.out(
        "enable",
        shown.map((name) => `enable ${shell.disabled.has(name) ? "-n " : ""}${name}\n`).join(""),
      );
    }
    let status = 0;
    for (const name of rest) {
      if (!shell.run.builtin(name)) {
        yield* shell.complain(`enable: ${name}: not a shell builtin`);
        status = 1;
      } else if (flags.has("n")) shell.disabled.add(name);
      else shell.disabled.delete(name);
    }
    return status;
  },
};
