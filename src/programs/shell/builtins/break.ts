import type { Task } from "../../../machine/define.ts";
import type { Builtin } from "../define.ts";
import type { Shell } from "../shell.ts";

export const breakBuiltin: Builtin = {
  name: "break",
  usage: "[n]",
  help: "Exit for, while, or until loops.",
  run: (shell, args) => leaveLoops(shell, "break", args),
};

export const continueBuiltin: Builtin = {
  name: "continue",
  usage: "[n]",
  help: "Resume for, while, or until loops.",
  run: (shell, args) => leaveLoops(shell, "continue", args),
};

function* leaveLoops(shell: Shell, type: "break" | "continue", [given = "1"]: readonly string[]): Task<number> {
  if (shell.loops === 0) {
    yield* shell.complain(`${type}: only meaningful in a \`for', \`while', or \`until' loop`);
    return 0;
  }
  if (!/^[-+]?\d+$/.test(given)) {
    yield* shell.complain(`${type}: ${given}: numeric argument required`);
    shell.flow = { type: "break", levels: shell.loops };
    return 128;
  }
  if (Number(given) < 1) {
    yield* shell.complain(`${type}: ${given}: loop count out of range`);
    shell.flow = { type: "break", levels: shell.loops };
    return 1;
  }
  shell.flow = { type, levels: Math.min(Number(given), shell.loops) };
  return 0;
}
