import type { Task } from "../../../machine/define.ts";
import type { Shell } from "../shell.ts";

/** What `set -x` shows before a command runs: PS4, its first character once more for every level of substitution. */
export function* trace(shell: Shell, text: string): Task {
  const ps4 = shell.vars.get("PS4") ?? "+ ";
  shell.options.delete("xtrace");
  const shown = /[$`\\]/.test(ps4) ? yield* shell.run.expandText(shell, ps4) : ps4;
  shell.options.add("xtrace");
  yield* shell.error(`${shown.slice(0, 1).repeat(shell.substitutions)}${shown}${text}\n`);
}
