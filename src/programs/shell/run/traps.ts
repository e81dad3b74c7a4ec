import { type Signal, signalNumbers, type Task } from "../../../machine/define.ts";
import { Abandoned, ShellExit } from "../problem.ts";
import { type Shell, UserInterrupt } from "../shell.ts";

/** Acts on signals that came meanwhile. Called between commands. */
export function* actOnSignals(shell: Shell): Task {
  while (shell.pending.length > 0) {
    if (shell.proc.tick()) yield undefined;
    const trapped = shell.traps.has(shell.pending[0] as Signal);
    // A trap's command is not interrupted by another trap.
    if (trapped && shell.trapDepth > 0) return;
    const signal = shell.pending.shift() as Signal;
    const text = shell.traps.get(signal);
    if (text !== undefined) yield* runTrap(shell, text);
    else if (!shell.interactive) throw new ShellExit(128 + signalNumbers[signal], signal);
    else if (signal === "INT") {
      shell.pending.push("INT");
      throw new UserInterrupt();
    }
  }
}

/** Runs a trap's command; the status of what it interrupted stays. */
export function* runTrap(shell: Shell, text: string): Task {
  const { status, line } = shell;
  shell.trapDepth++;
  try {
    yield* shell.run.runText(shell, text, { label: "trap" });
  } finally {
    shell.trapDepth--;
  }
  if (shell.flow?.type !== "return") shell.status = status;
  shell.line = line;
}

/** The end of a shell: its EXIT trap, which may change the status by `exit`. */
export function* runExitTrap(shell: Shell, status: number): Task<number> {
  const text = shell.traps.get("EXIT");
  if (text === undefined || text === "") return status;
  shell.traps.delete("EXIT");
  shell.status = status;
  shell.flow = undefined;
  shell.tested = 0;
  try {
    yield* shell.run.runText(shell, text, { label: "exit trap" });
    return status;
  } catch (error) {
    if (error instanceof ShellExit || error instanceof Abandoned) return error.status;
    throw error;
  }
}

/** After a command failed where nobody tests it: the ERR trap, then the end under set -e. */
export function* checkFailure(shell: Shell): Task {
  if (shell.status === 0 || shell.tested > 0) return;
  const text = shell.traps.get("ERR");
  if (text !== undefined && text !== "") {
    shell.traps.delete("ERR");
    try {
      yield* runTrap(shell, text);
    } finally {
      if (!shell.traps.has("ERR")) shell.traps.set("ERR", text);
    }
  }
  if (shell.has("errexit")) throw new ShellExit(shell.status);
}
