import { Errno, Exit, type OpenFile, type Signal, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Abandoned, ShellExit } from "../problem.ts";
import { Shell } from "../shell.ts";
import { runExitTrap } from "./traps.ts";

/** So many shells may start one inside the other; a bomb that forks for ever ends here. */
const NESTING_LIMIT = 250;
/** How long bash waits between its tries to fork, in seconds (jobs.c, 5.2). */
const RETRIES = [1, 2, 4, 8];

export interface ForkOptions {
  readonly argv?: readonly string[];
  readonly fds?: ReadonlyMap<number, OpenFile>;
  readonly group?: number | "new" | undefined;
  /** For a command substitution: set -e is off in it. */
  readonly substitution?: boolean;
  readonly env?: ReadonlyMap<string, string>;
}

/** Starts a process, as patiently as bash does where the host has too many. */
export function* start(shell: Shell, options: Parameters<Process["spawn"]>[0]): Task<Process> {
  const refused = () => shell.subshell > NESTING_LIMIT;
  for (const delay of refused() ? [] : RETRIES) {
    try {
      return shell.proc.spawn(options);
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EAGAIN") throw error;
      yield* shell.complain("fork: retry: Resource temporarily unavailable");
      yield* pause(shell, delay);
    }
  }
  yield* shell.complain("fork: Resource temporarily unavailable");
  throw new Abandoned("line", 254);
}

function* pause(shell: Shell, seconds: number): Task {
  const until = shell.proc.machine.kernel.clock.now + seconds * 1_000_000;
  while ((yield* shell.wait({ on: [], until })) === "signal");
}

/** Starts a subshell: a process of its own with a copy of the shell's state. */
export function fork(shell: Shell, run: (copy: Shell) => Task<number>, options: ForkOptions = {}): Task<Process> {
  const { argv = shell.proc.argv, fds, group, env, substitution = false } = options;
  const body = (proc: Process): Task<number> => {
    const copy = new Shell(proc, shell.run, shell.kind, shell.name, shell);
    if (substitution) {
      copy.substitutions++;
      if (!copy.shopts.has("inherit_errexit")) copy.options.delete("errexit");
    }
    copy.options.delete("monitor");
    return runSubshell(copy, run);
  };
  return start(shell, { argv, body, ...(fds && { fds }), ...(group !== undefined && { group }), ...(env && { env }) });
}

/** A copy's whole life, with its own EXIT trap. */
export function* runSubshell(copy: Shell, run: (copy: Shell) => Task<number>): Task<number> {
  let status: number;
  let signal: Signal | undefined;
  try {
    status = yield* run(copy);
  } catch (error) {
    if (!(error instanceof ShellExit || error instanceof Abandoned)) throw error;
    status = error.status;
    if (error instanceof ShellExit) signal = error.signal;
  }
  status = yield* runExitTrap(copy, status);
  if (signal) throw new Exit(status, signal);
  return status;
}
