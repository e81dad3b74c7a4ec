import type { Builtin } from "../define.ts";

/** Keys are the line editor's, outside the world: settings in a .bashrc are taken and have no effect. */
export const bind: Builtin = {
  name: "bind",
  usage:
    "[-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]",
  help: "Set Readline key bindings and variables (taken, but without effect in this simulation).",
  *run() {
    return 0;
  },
};
