import { type Signal, signalNumbers, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { type Job, stateOf } from "../job-table.ts";
import type { Shell } from "../shell.ts";

export const wait: Builtin = {
  name: "wait",
  usage: "[-fn] [-p var] [id ...]",
  help: "Wait for job completion and return exit status.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "fnp:");
    if (typeof parsed === "number") return parsed;
    const { flags, values, rest } = parsed;
    if (shell.jobs.inherited) shell.jobs.disinherit();
    if (flags.has("n")) return yield* next(shell, rest, values.get("p"));
    if (rest.length === 0) return yield* all(shell);
    let status = 0;
    for (const id of rest) {
      const target = yield* find(shell, id);
      if (!target) status = 127;
      else {
        const ended = yield* until(shell, target.processes);
        if (ended !== undefined) return ended;
        status = target.processes.at(-1)?.status ?? 0;
        const variable = values.get("p");
        if (variable !== undefined) shell.vars.set(variable, String(target.processes.at(-1)?.pid));
        forget(shell, target.job);
      }
    }
    return status;
  },
};

/** Waits until all have ended; the status when a signal with a trap comes first. */
function* until(shell: Shell, processes: readonly Process[]): Task<number | undefined> {
  for (const proc of processes) {
    while (proc.state !== "ended") {
      if ((yield* shell.wait({ on: [proc.changed] })) !== "signal") continue;
      const trapped = shell.pending.find((signal: Signal) => shell.traps.has(signal) && signal !== "CHLD");
      if (trapped) return 128 + signalNumbers[trapped];
      if (shell.pending.length > 0 && !shell.interactive) return 128 + signalNumbers[shell.pending[0] as Signal];
    }
  }
  return undefined;
}

function* all(shell: Shell): Task<number> {
  for (const job of [...shell.jobs.jobs]) {
    if (stateOf(job) === "stopped") continue;
    const ended = yield* until(shell, job.processes);
    if (ended !== undefined) return ended;
    forget(shell, job);
  }
  return 0;
}

/** Jobs that `wait -n` has given the status of. */
const reported = new WeakSet<Job>();

/** The next job that ends, of those named or of all. */
function* next(shell: Shell, ids: readonly string[], variable: string | undefined): Task<number> {
  const jobs: Job[] = [];
  for (const id of ids) {
    const target = yield* find(shell, id);
    if (target?.job) jobs.push(target.job);
  }
  const waited = ids.length > 0 ? jobs : [...shell.jobs.jobs];
  if (waited.length === 0) return 127;
  for (;;) {
    const done = waited.find((job) => stateOf(job) === "done" && !reported.has(job));
    if (done) {
      if (variable !== undefined) shell.vars.set(variable, String(done.processes.at(-1)?.pid));
      reported.add(done);
      forget(shell, done);
      return done.processes.at(-1)?.status ?? 0;
    }
    const woken = yield* shell.wait({
      on: waited.flatMap((job) => job.processes.filter((proc) => proc.state !== "ended").map((proc) => proc.changed)),
    });
    const signal = woken === "signal" ? shell.pending.find((one) => shell.traps.has(one)) : undefined;
    if (signal) return 128 + signalNumbers[signal];
  }
}

interface Target {
  readonly processes: readonly Process[];
  readonly job: Job | undefined;
}

function* find(shell: Shell, id: string): Task<Target | undefined> {
  if (id.startsWith("%")) {
    const job = shell.jobs.find(id);
    if (job && job !== "ambiguous") return { processes: job.processes, job };
    yield* shell.complain(`wait: ${id}: no such job`);
    return undefined;
  }
  if (!/^\d+$/.test(id)) {
    yield* shell.complain(`wait: \`${id}': not a pid or valid job spec`);
    return undefined;
  }
  const job = shell.jobs.jobs.find((known) => known.processes.some((proc) => proc.pid === Number(id)));
  const known = job?.processes ?? shell.endedJobs.get(Number(id));
  if (known) return { processes: known, job };
  yield* shell.complain(`wait: pid ${id} is not a child of this shell`);
  return undefined;
}

/** At a prompt the job is told as done first, and then forgotten. */
function forget(shell: Shell, job: Job | undefined): void {
  if (!job || shell.interactive) return;
  shell.jobs.remove(job);
  for (const proc of job.processes) shell.proc.children.delete(proc);
}
