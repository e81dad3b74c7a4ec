import type { Builtin } from "../define.ts";

export const letBuiltin: Builtin = {
  name: "let",
  usage: "arg [arg ...]",
  help: "Evaluate arithmetic expressions.",
  *run(shell, args) {
    const expressions = args[0] === "--" ? args.slice(1) : args;
    if (expressions.length === 0) {
      yield* shell.complain("let: expression expected");
      return 1;
    }
    let value = 0n;
    for (const expression of expressions) value = shell.evaluate(expression);
    return value === 0n ? 1 : 0;
  },
};
