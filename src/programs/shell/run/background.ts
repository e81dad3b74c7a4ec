import type { OpenFile, Task } from "../../../machine/define.ts";
import { stateOf } from "../job-table.ts";
import type { Shell } from "../shell.ts";
import type { Statement } from "../syntax/ast.ts";
import { printNode } from "../syntax/print.ts";
import { groupForJob, hasJobControl } from "../wait.ts";
import { fork } from "./child.ts";

/** `command &`: a job in the background. Without job control it reads nothing and ignores Ctrl-C. */
export function* runBackground(shell: Shell, statement: Statement, run: (copy: Shell) => Task<number>): Task {
  const controlled = hasJobControl(shell);
  const fds = new Map(shell.proc.fds);
  if (!controlled) fds.set(0, nothing());
  const text = printNode(statement.node);
  const child = yield* fork(
    shell,
    (copy) => {
      if (!controlled)
        for (const signal of ["INT", "QUIT"] as const) if (!copy.traps.has(signal)) copy.proc.on(signal, "ignore");
      return run(copy);
    },
    { fds, group: groupForJob(shell) },
  );
  if (!shell.interactive && shell.jobs.jobs.length >= KEPT_JOBS) forgetEnded(shell);
  const job = shell.jobs.add([child], child.group, text);
  shell.lastBackground = child.pid;
  if (shell.interactive) yield* shell.error(`[${job.number}] ${child.pid}\n`);
}

/** A script that starts job after job keeps only so many that have ended. */
const KEPT_JOBS = 100;

function forgetEnded(shell: Shell): void {
  for (const job of [...shell.jobs.jobs]) {
    if (stateOf(job) !== "done") continue;
    shell.jobs.remove(job);
    for (const proc of job.processes) {
      shell.proc.children.delete(proc);
      shell.endedJobs.set(proc.pid, job.processes);
    }
  }
  for (const pid of shell.endedJobs.keys()) {
    if (shell.endedJobs.size <= 1000) break;
    shell.endedJobs.delete(pid);
  }
}

function nothing(): OpenFile {
  return { kind: "device", path: "/dev/null", refs: 0, read: () => undefined };
}
