import type { Builtin } from "../define.ts";
import { echoEscapes } from "./escapes.ts";

export const echo: Builtin = {
  name: "echo",
  usage: "[-neE] [arg ...]",
  help: "Write arguments to the standard output.",
  *run(shell, args) {
    let newline = true;
    let escapes = shell.shopts.has("xpg_echo");
    let at = 0;
    for (; /^-[neE]+$/.test(args[at] ?? ""); at++) {
      for (const letter of (args[at] as string).slice(1)) {
        if (letter === "n") newline = false;
        else escapes = letter === "e";
      }
    }
    const text = args.slice(at).join(" ");
    if (!escapes) return yield* shell.out("echo", newline ? `${text}\n` : text);
    const { out, stopped } = echoEscapes(text);
    return yield* shell.out("echo", newline && !stopped ? `${out}\n` : out);
  },
};
