import type { Builtin } from "../define.ts";

export const shift: Builtin = {
  name: "shift",
  usage: "[n]",
  help: "Shift positional parameters.",
  *run(shell, [given = "1"]) {
    if (!/^[-+]?\d+$/.test(given)) {
      yield* shell.complain(`shift: ${given}: numeric argument required`);
      return 1;
    }
    const count = Number(given);
    if (count < 0) {
      yield* shell.complain(`shift: ${given}: shift count out of range`);
      return 1;
    }
    if (count > shell.args.length) {
      if (shell.shopts.has("shift_verbose")) yield* shell.complain(`shift: ${given}: shift count out of range`);
      return 1;
    }
    shell.args = shell.args.slice(count);
    return 0;
  },
};
