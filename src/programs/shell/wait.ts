import { signalNumbers, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { signalWord } from "./job-table.ts";
import { type Shell, UserInterrupt } from "./shell.ts";
import type { Node } from "./syntax/ast.ts";
import { printNode } from "./syntax/print.ts";

/** A shell with job control: its jobs have groups of their own and take turns at the terminal. */
export function hasJobControl(shell: Shell): boolean {
  return shell.has("monitor");
}

/** The group that a new job gets: its own under job control, otherwise the shell's. */
export function groupForJob(shell: Shell): "new" | undefined {
  return hasJobControl(shell) ? "new" : undefined;
}

/** Hands the terminal to a job; undefined takes it back. */
export function giveTerminal(shell: Shell, group: number | undefined): void {
  const { terminal } = shell.proc;
  if (terminal && hasJobControl(shell)) terminal.foreground = group ?? shell.proc.group;
}

/** Waits until all processes of a foreground job have ended, or the job is stopped. Gives their statuses. */
export function* waitForJob(shell: Shell, processes: readonly Process[], what: Node | string): Task<number[]> {
  const group = processes[0]?.group;
  giveTerminal(shell, group);
  try {
    for (;;) {
      const running = processes.filter((proc) => proc.state === "running");
      if (running.length === 0) break;
      yield* shell.wait({ on: running.map((proc) => proc.changed) });
    }
  } finally {
    giveTerminal(shell, undefined);
  }
  for (const proc of processes) if (proc.state === "ended") shell.proc.children.delete(proc);
  if (processes.some((proc) => proc.state === "stopped")) return yield* stopped(shell, processes, what);
  yield* tellDeath(shell, processes, what);
  return processes.map((proc) => proc.status);
}

function* stopped(shell: Shell, processes: readonly Process[], what: Node | string): Task<number[]> {
  const job =
    shell.jobs.jobs.find((known) => known.processes === processes) ??
    shell.jobs.add(processes, processes[0]?.group ?? 0, textOf(what));
  shell.jobs.makeCurrent(job);
  job.told = "stopped";
  if (shell.interactive) yield* shell.error(`\n${shell.jobs.line(job)}`);
  return processes.map((proc) =>
    proc.state === "stopped" ? 128 + signalNumbers[proc.signalled ?? "TSTP"] : proc.status,
  );
}

/** What bash says of a foreground job that a signal killed. */
function* tellDeath(shell: Shell, processes: readonly Process[], what: Node | string): Task {
  const last = processes.at(-1);
  const signal = last?.signalled;
  if (!last || !signal || signal === "PIPE") return;
  if (signal === "INT") {
    if (!shell.interactive) return;
    // As if the shell itself had got Ctrl-C: loops and the rest of the line end too.
    if (!shell.traps.has("INT") || shell.loops > 0) throw new UserInterrupt();
    yield* shell.error("\n");
    return;
  }
  // Debian's bash does not report SIGTERM with the line (DONT_REPORT_SIGTERM).
  if (shell.kind === "interactive" || signal === "TERM") shell.notices.push(`${signalWord(signal)}\n`);
  else {
    const pid = String(last.pid).padStart(5);
    shell.notices.push(`${shell.prefix}${pid} ${signalWord(signal).padEnd(23)} ${textOf(what)}\n`);
  }
}

function textOf(what: Node | string): string {
  return typeof what === "string" ? what : printNode(what);
}
