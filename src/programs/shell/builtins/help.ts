import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

export const help: Builtin = {
  name: "help",
  usage: "[-dms] [pattern ...]",
  help: "Display information about builtin commands.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "dms");
    if (typeof parsed === "number") return parsed;
    const names = [...shell.run.builtinNames()].sort();
    if (parsed.rest.length === 0) {
      const lines = names.map((name) => ` ${name} ${shell.run.builtin(name)?.usage ?? ""}`.trimEnd());
      return yield* shell.out(
        "help",
        `These shell commands are defined internally.  Type \`help name' to find out more\nabout the function \`name'.\n\n${lines.join("\n")}\n`,
      );
    }
    let status = 1;
    for (const name of parsed.rest) {
      const found = shell.run.builtin(name);
      if (!found) continue;
      status = 0;
      const usage = `${name}: ${name} ${found.usage}`.trimEnd();
      if (parsed.flags.has("d")) yield* shell.out("help", `${name} - ${found.help}\n`);
      else yield* shell.out("help", parsed.flags.has("s") ? `${usage}\n` : `${usage}\n    ${found.help}\n`);
    }
    const last = parsed.rest.at(-1);
    if (status !== 0)
      yield* shell.complain(
        `help: no help topics match \`${last}'.  Try \`help help' or \`man -k ${last}' or \`info ${last}'.`,
      );
    return status;
  },
};
