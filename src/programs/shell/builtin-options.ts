import type { Task } from "../../machine/define.ts";
import type { Builtin } from "./define.ts";
import type { Shell } from "./shell.ts";

export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  /** The arguments of options that take one; the last one counts. */
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** Reads the options of a builtin as getopt does: `spec` names the letters, those with a colon take an argument. */
export function* parseOptions(
  shell: Shell,
  builtin: Pick<Builtin, "name" | "usage">,
  args: readonly string[],
  spec: string,
): Task<ParsedOptions | number> {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === "--") {
      at++;
      break;
    }
    if (!arg.startsWith("-") || arg === "-") break;
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] as string;
      const found = letter === ":" ? -1 : spec.indexOf(letter);
      if (found < 0) return yield* usageError(shell, builtin, `-${letter}: invalid option`);
      flags.add(letter);
      if (spec[found + 1] !== ":") continue;
      const joined = arg.slice(i + 1);
      const value = joined === "" ? args[++at] : joined;
      if (value === undefined) return yield* usageError(shell, builtin, `-${letter}: option requires an argument`);
      values.set(letter, value);
      break;
    }
  }
  return { flags, values, rest: args.slice(at) };
}

/** Tells a wrong use with the usage line; the status is 2. */
export function* usageError(shell: Shell, builtin: Pick<Builtin, "name" | "usage">, message?: string): Task<number> {
  if (message !== undefined) yield* shell.complain(`${builtin.name}: ${message}`);
  yield* shell.error(`${builtin.name}: usage: ${builtin.name} ${builtin.usage}\n`);
  return 2;
}
