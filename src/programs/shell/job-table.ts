import type { Process } from "../../machine/process.ts";

/** A pipeline that the shell started: in the background, or stopped while it was in the foreground. */
export interface Job {
  readonly number: number;
  readonly group: number;
  readonly processes: readonly Process[];
  readonly text: string;
  /** Whether its last change was shown. */
  told: "running" | "stopped" | "done";
  /** Not shown when it ends (disown -h keeps it, disown drops it). */
  noHup?: boolean;
}

export type JobState = "running" | "stopped" | "done";

/** The jobs of a shell, numbered as bash numbers them. */
export class JobTable {
  readonly jobs: Job[] = [];
  /** Numbers of jobs by how lately they were the current one, the latest last. */
  private recent: number[] = [];
  /** Whether the jobs are a parent's, whom alone they may be waited for. */
  inherited = false;

  /** A subshell sees the jobs of its parent until it starts one itself. */
  inherit(from: JobTable): void {
    this.jobs.push(...from.jobs);
    this.recent = [...from.recent];
    this.inherited = true;
  }

  add(processes: readonly Process[], group: number, text: string): Job {
    if (this.inherited) this.disinherit();
    const number = Math.max(0, ...this.jobs.map((job) => job.number)) + 1;
    const job: Job = { number, group, processes, text, told: "running" };
    this.jobs.push(job);
    this.makeCurrent(job);
    return job;
  }

  /** Forgets the jobs of the parent. */
  disinherit(): void {
    this.jobs.length = 0;
    this.recent = [];
    this.inherited = false;
  }

  remove(job: Job): void {
    const at = this.jobs.indexOf(job);
    if (at >= 0) this.jobs.splice(at, 1);
    this.recent = this.recent.filter((number) => number !== job.number);
  }

  makeCurrent(job: Job): void {
    this.recent = [...this.recent.filter((number) => number !== job.number), job.number];
  }

  /** `%+`: stopped jobs come before running ones. */
  get current(): Job | undefined {
    return this.ranked()[0];
  }

  /** `%-` */
  get previous(): Job | undefined {
    return this.ranked()[1];
  }

  private ranked(): Job[] {
    const byRecency = [...this.recent].reverse().map((number) => this.jobs.find((job) => job.number === number));
    const jobs = byRecency.filter((job) => job !== undefined);
    return [...jobs.filter((job) => stateOf(job) === "stopped"), ...jobs.filter((job) => stateOf(job) !== "stopped")];
  }

  mark(job: Job): string {
    return job === this.current ? "+" : job === this.previous ? "-" : " ";
  }

  /** The job that `%1`, `%+`, `%name` or `%?text` names; "ambiguous" where several begin so. */
  find(spec: string): Job | "ambiguous" | undefined {
    const what = spec.startsWith("%") ? spec.slice(1) : spec;
    if (what === "" || what === "%" || what === "+") return this.current;
    if (what === "-") return this.previous ?? this.current;
    if (/^\d+$/.test(what)) return this.jobs.find((job) => job.number === Number(what));
    const found = this.jobs.filter((job) =>
      what.startsWith("?") ? job.text.includes(what.slice(1)) : job.text.startsWith(what),
    );
    return found.length > 1 ? "ambiguous" : found[0];
  }

  /** `[1]+  Running                 sleep 10 &` */
  line(job: Job, long = false): string {
    const state = stateOf(job);
    const pid = long ? ` ${job.processes[0]?.pid ?? 0}` : "";
    return `[${job.number}]${this.mark(job)} ${pid} ${stateWords(job).padEnd(24)}${job.text}${state === "running" ? " &" : ""}\n`;
  }
}

export function stateOf(job: Job): JobState {
  if (job.processes.every((proc) => proc.state === "ended")) return "done";
  return job.processes.some((proc) => proc.state === "stopped") &&
    job.processes.every((proc) => proc.state !== "running")
    ? "stopped"
    : "running";
}

const signalWords: Readonly<Record<string, string>> = {
  HUP: "Hangup",
  INT: "Interrupt",
  QUIT: "Quit",
  KILL: "Killed",
  USR1: "User defined signal 1",
  USR2: "User defined signal 2",
  PIPE: "Broken pipe",
  ALRM: "Alarm clock",
  TERM: "Terminated",
};

/** strsignal(3)'s words for how a process died. */
export function signalWord(signal: string): string {
  return signalWords[signal] ?? signal;
}

/** "Running", "Stopped", "Done", "Exit 2", "Terminated". */
export function stateWords(job: Job): string {
  const state = stateOf(job);
  if (state === "running") return "Running";
  if (state === "stopped") return "Stopped";
  const last = job.processes.at(-1);
  if (last?.signalled) return signalWord(last.signalled);
  return last?.status ? `Exit ${last.status}` : "Done";
}
