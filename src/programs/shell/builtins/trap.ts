import { type Signal, signalNumbers, type Task } from "../../../machine/define.ts";
import { parseOptions, usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { setTrap } from "../set-trap.ts";
import type { Shell } from "../shell.ts";
import { signalList, signalNamed } from "../signals.ts";

export const trap: Builtin = {
  name: "trap",
  usage: "[-lp] [[arg] signal_spec ...]",
  help: "Trap signals and other events.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args[0] === "-" ? ["--", ...args] : args, "lp");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    if (flags.has("l")) return yield* shell.out("trap", signalList());
    if (flags.has("p") || rest.length === 0) return yield* show(shell, rest);
    const [action = "", ...names] = rest;
    const reset = action === "-" || names.length === 0 || (/^\d+$/.test(action) && signalNamed(action) !== undefined);
    const targets = action === "-" ? names : reset ? rest : names;
    if (targets.length === 0) return yield* usageError(shell, this);
    let status = 0;
    for (const given of targets) {
      const name = eventNamed(given);
      if (name === undefined) {
        yield* shell.complain(`trap: ${given}: invalid signal specification`);
        status = 1;
      } else if (shell.ignoredAtStart.has(name as Signal)) continue;
      else setTrap(shell, name, reset ? undefined : action);
    }
    return status;
  },
};

function eventNamed(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (upper === "EXIT" || text === "0") return "EXIT";
  if (["ERR", "DEBUG", "RETURN"].includes(upper)) return upper;
  return signalNamed(text);
}

function* show(shell: Shell, names: readonly string[]): Task<number> {
  const wanted = names.map(eventNamed);
  const order = ["EXIT", ...Object.keys(signalNumbers), "DEBUG", "ERR", "RETURN"];
  const lines = [...shell.traps]
    .filter(([name]) => names.length === 0 || wanted.includes(name))
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(
      ([name, text]) => `trap -- '${text.replaceAll("'", "'\\''")}' ${name in signalNumbers ? `SIG${name}` : name}\n`,
    );
  return yield* shell.out("trap", lines.join(""));
}
