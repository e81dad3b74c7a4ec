import type { Task } from "../../machine/define.ts";
import { Abandoned } from "./problem.ts";
import type { Shell } from "./shell.ts";

/** The status that an argument of exit or return gives; the last command's without one. */
export function* statusOf(shell: Shell, name: string, args: readonly string[]): Task<number> {
  const [given, ...more] = args[0] === "--" ? args.slice(1) : args;
  if (given === undefined) return shell.status;
  if (!/^\s*[-+]?\d+\s*$/.test(given)) {
    yield* shell.complain(`${name}: ${given}: numeric argument required`);
    return 2;
  }
  if (more.length > 0) {
    yield* shell.complain(`${name}: too many arguments`);
    throw new Abandoned("line", 1);
  }
  return Number(BigInt.asUintN(8, BigInt(given.trim().replace(/^\+/, ""))));
}
