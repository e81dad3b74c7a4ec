import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { jobNamed } from "../job-argument.ts";
import { type Job, stateOf } from "../job-table.ts";
import type { Shell } from "../shell.ts";
import { giveTerminal, waitForJob } from "../wait.ts";

export const jobs: Builtin = {
  name: "jobs",
  usage: "[-lnprs] [jobspec ...] or jobs -x command [args]",
  help: "Display status of jobs.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "lnprsx");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    const shown: Job[] = [];
    let status = 0;
    for (const spec of rest) {
      const job = yield* jobNamed(shell, "jobs", spec);
      if (job) shown.push(job);
      else status = 1;
    }
    const wanted = (rest.length > 0 ? shown : [...shell.jobs.jobs]).filter(
      (job) =>
        (!flags.has("r") || stateOf(job) === "running") &&
        (!flags.has("s") || stateOf(job) === "stopped") &&
        (!flags.has("n") || stateOf(job) !== job.told),
    );
    const text = wanted
      .map((job) => (flags.has("p") ? `${job.processes[0]?.pid}\n` : shell.jobs.line(job, flags.has("l"))))
      .join("");
    yield* shell.out("jobs", text);
    for (const job of wanted) {
      job.told = stateOf(job);
      if (job.told === "done") shell.jobs.remove(job);
    }
    return status;
  },
};

export const fg: Builtin = {
  name: "fg",
  usage: "[job_spec]",
  help: "Move job to the foreground.",
  *run(shell, args) {
    const job = yield* controlled(shell, "fg", args[0]);
    if (!job) return 1;
    yield* shell.out("fg", `${job.text}\n`);
    resume(job);
    giveTerminal(shell, job.group);
    try {
      const statuses = yield* waitForJob(shell, job.processes, job.text);
      return statuses.at(-1) ?? 0;
    } finally {
      if (stateOf(job) === "done") shell.jobs.remove(job);
    }
  },
};

export const bg: Builtin = {
  name: "bg",
  usage: "[job_spec ...]",
  help: "Move jobs to the background.",
  *run(shell, args) {
    let status = 0;
    for (const spec of args.length > 0 ? args : [undefined]) {
      const job = yield* controlled(shell, "bg", spec);
      if (!job) status = 1;
      else if (stateOf(job) === "running") yield* shell.complain(`bg: job ${job.number} already in background`);
      else {
        resume(job);
        yield* shell.out("bg", `[${job.number}]${shell.jobs.mark(job)} ${job.text} &\n`);
      }
    }
    return status;
  },
};

function resume(job: Job): void {
  job.told = "running";
  for (const proc of job.processes) if (proc.state === "stopped") proc.signal("CONT");
}

function* controlled(shell: Shell, name: string, spec: string | undefined): Task<Job | undefined> {
  if (!shell.has("monitor")) {
    yield* shell.complain(`${name}: no job control`);
    return undefined;
  }
  const job = yield* jobNamed(shell, name, spec);
  if (job && stateOf(job) === "done") {
    yield* shell.complain(`${name}: job has terminated`);
    return undefined;
  }
  return job;
}

export const disown: Builtin = {
  name: "disown",
  usage: "[-h] [-ar] [jobspec ... | pid ...]",
  help: "Remove jobs from current shell.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "har");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    if (flags.has("a") || (flags.has("r") && rest.length === 0)) {
      for (const job of [...shell.jobs.jobs]) if (!flags.has("r") || stateOf(job) === "running") shell.jobs.remove(job);
      return 0;
    }
    let status = 0;
    for (const spec of rest.length > 0 ? rest : [undefined]) {
      const byPid =
        spec !== undefined && /^\d+$/.test(spec)
          ? shell.jobs.jobs.find((job) => job.processes.some((proc) => String(proc.pid) === spec))
          : undefined;
      const job = byPid ?? (yield* jobNamed(shell, "disown", spec));
      if (!job) status = 1;
      else if (flags.has("h")) job.noHup = true;
      else shell.jobs.remove(job);
    }
    return status;
  },
};
