import type { Builtin } from "../define.ts";

export const evalBuiltin: Builtin = {
  name: "eval",
  usage: "[arg ...]",
  help: "Execute arguments as a shell command.",
  *run(shell, args) {
    const text = (args[0] === "--" ? args.slice(1) : args).join(" ");
    if (text.trim() === "") return 0;
    return yield* shell.run.runText(shell, text, { label: "eval" });
  },
};
