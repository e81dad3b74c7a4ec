import type { Task } from "../../../machine/define.ts";
import { usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { declarationOf } from "../expand/declaration.ts";
import { setOption, setOptions } from "../options.ts";
import type { Shell } from "../shell.ts";

export const set: Builtin = {
  name: "set",
  usage: "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]",
  help: "Set or unset values of shell options and positional parameters.",
  *run(shell, args) {
    if (args.length === 0) return yield* showAll(shell);
    let at = 0;
    for (; at < args.length; at++) {
      const arg = args[at] as string;
      if (arg === "--" || arg === "-") {
        if (arg === "-") for (const name of ["xtrace", "verbose"]) setOption(shell, name, false);
        shell.args = arg === "-" && at + 1 === args.length ? shell.args : args.slice(at + 1);
        return 0;
      }
      if (!/^[-+]./.test(arg)) break;
      const on = arg[0] === "-";
      for (const letter of arg.slice(1)) {
        const name = letter === "o" ? args[at + 1] : setOptions.find((option) => option.letter === letter)?.name;
        if (letter === "o" && name === undefined) return yield* show(shell, on);
        if (letter === "o") at++;
        if (name === undefined) return yield* usageError(shell, this, `${arg[0]}${letter}: invalid option`);
        if (!setOption(shell, name, on)) {
          yield* shell.complain(`set: ${name}: invalid option name`);
          return 2;
        }
      }
    }
    if (at < args.length) shell.args = args.slice(at);
    return 0;
  },
};

function* showAll(shell: Shell): Task<number> {
  const { vars } = shell;
  const lines = vars.names().map((name) => {
    const variable = vars.all.get(name);
    return `${variable ? declarationOf(name, variable, "set") : `${name}=${vars.get(name) ?? "()"}`}\n`;
  });
  const functions = [...shell.functions.values()].map((known) => `${known.text}\n`);
  return yield* shell.out("set", [...lines, ...functions].join(""));
}

function* show(shell: Shell, table: boolean): Task<number> {
  const lines = setOptions.map(({ name }) => {
    const on = shell.has(name);
    return table ? `${name.padEnd(15)}\t${on ? "on" : "off"}\n` : `set ${on ? "-" : "+"}o ${name}\n`;
  });
  return yield* shell.out("set", lines.join(""));
}
