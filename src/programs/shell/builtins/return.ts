import type { Builtin } from "../define.ts";
import { statusOf } from "../status-argument.ts";

export const returnBuiltin: Builtin = {
  name: "return",
  usage: "[n]",
  help: "Return from a shell function.",
  *run(shell, args) {
    if (!shell.calls.some((call) => call.name !== "main")) {
      yield* shell.complain("return: can only `return' from a function or sourced script");
      return 2;
    }
    const status = yield* statusOf(shell, "return", args);
    shell.flow = { type: "return", status };
    return status;
  },
};
