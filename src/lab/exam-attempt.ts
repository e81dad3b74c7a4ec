import type { Paper, Task } from "../../grader/define.ts";
import { examineTask, type Report, reportOf, type TaskResult, taskResult } from "../../grader/score.ts";
import { viewOf } from "../../grader/view.ts";
import { type Micros, SECOND } from "../base/clock.ts";
import type { LoginQuestion } from "../base/ports.ts";
import { programTable } from "../machine/exec.ts";
import { runUntil } from "./batch.ts";
import type { Attempt, AttemptTask, EditorPort } from "./define.ts";
import { gateway } from "./gateway.ts";
import { WorldPorts } from "./host-ports.ts";
import type { Input } from "./input.ts";
import type { Journal } from "./journal.ts";
import { LabError } from "./lab-error.ts";
import type { Library } from "./library.ts";
import { LiveLab } from "./live-lab.ts";
import { type MadeWorld, makeTaskWorld, makeWorld } from "./make-world.ts";
import type { HostClock } from "./pace.ts";
import { worldPrograms } from "./programs.ts";
import type { AttemptStore } from "./store.ts";

/** How long the worlds go on after the end, so that what was begun can settle, in seconds. */
export const GRACE = 60;

/** The host on which everybody begins: none of the tools, only the way to the tasks' hosts. */
const BASE = "base";

export interface AttemptParts {
  readonly library: Library;
  readonly id: string;
  readonly paper: Paper;
  readonly seed: string;
  readonly start: Micros;
  readonly editor?: EditorPort | undefined;
  readonly journal?: Journal | undefined;
  readonly store?: AttemptStore | undefined;
  readonly clock?: HostClock | undefined;
}

/** An exam or practice: a base host, and a world of its own for each task, made when somebody first goes there. */
export class ExamAttempt extends LiveLab implements Attempt {
  readonly id: string;
  readonly paper: Paper;
  readonly seed: string;
  readonly tasks: readonly AttemptTask[];
  finished = false;
  private readonly parts: AttemptParts;
  private readonly state: { flagged: boolean; hints: number }[];
  private readonly asked: ((report: Report) => void)[] = [];
  private readonly resets: (() => void)[] = [];

  constructor(parts: AttemptParts) {
    const { library, paper, seed, start, editor, journal, clock } = parts;
    const tasks = paper.tasks.map(({ exercise }) => library.exercise(exercise).draw(seed));
    const byHost = hostTable(tasks);
    super({
      start,
      firstWorld: BASE,
      firstHost: BASE,
      make: (name, at) => makeNamed(library, tasks, byHost, seed, name, name === BASE ? start : at),
      worldOf: (host) => byHost.get(host)?.id,
      ...(editor && { editor }),
      ...(journal && { journal }),
      ...(clock && { clock }),
    });
    this.parts = parts;
    this.id = parts.id;
    this.paper = paper;
    this.seed = seed;
    this.state = tasks.map(() => ({ flagged: false, hints: 0 }));
    const { state } = this;
    this.tasks = tasks.map((task, i) => ({
      number: i + 1,
      task,
      weight: paper.tasks[i]?.weight ?? 0,
      get flagged() {
        return state[i]?.flagged ?? false;
      },
      get hints() {
        return state[i]?.hints ?? 0;
      },
    }));
  }

  get elapsed(): number {
    return (this.now - this.parts.start) / SECOND;
  }

  get remaining(): number | undefined {
    return this.paper.minutes === undefined ? undefined : Math.max(0, this.paper.minutes * 60 - this.elapsed);
  }

  flag(number: number, flagged: boolean): void {
    this.send({ do: "flag", task: number, on: flagged });
    this.mark({ do: "flag", task: number, on: flagged });
  }

  hint(number: number): string | undefined {
    const state = this.state[number - 1];
    const text = this.taskOf(number).hints[state?.hints ?? 0];
    if (text === undefined) return undefined;
    this.send({ do: "hint", task: number });
    this.mark({ do: "hint", task: number });
    return text;
  }

  reset(number: number): Promise<void> {
    this.taskOf(number);
    const done = new Promise<void>((resolve) => this.resets.push(resolve));
    this.send({ do: "reset", task: number });
    return done;
  }

  grade(numbers: readonly number[] = this.tasks.map(({ number }) => number)): Promise<Report> {
    const report = new Promise<Report>((resolve) => this.asked.push(resolve));
    this.send({ do: "grade", tasks: numbers });
    return report;
  }

  async finish(): Promise<Report> {
    await this.stop();
    const { store, journal } = this.parts;
    const results: TaskResult[] = [];
    for (const { task, weight } of this.tasks) {
      const { world, ports } = await this.visit(task.id);
      await runUntil(world, ports, this.now + GRACE * SECOND);
      results.push(taskResult(task, weight, examineTask(task, viewOf(world))));
    }
    const report = reportOf(this.paper, this.seed, results);
    store?.saveReport(this.id, report);
    journal?.close();
    this.finished = true;
    return report;
  }

  private taskOf(number: number): Task {
    const found = this.tasks[number - 1];
    if (!found) throw new LabError(`there is no task ${number}`);
    return found.task;
  }

  protected override async apply(input: Input): Promise<void> {
    if (input.do === "reset") await this.applyReset(input.task);
    else if (input.do === "grade") await this.applyGrade(input.tasks);
    else if (input.do === "flag" || input.do === "hint") {
      if (this.replaying) this.mark(input);
    } else await super.apply(input);
  }

  private mark(input: Extract<Input, { do: "flag" | "hint" }>): void {
    const state = this.state[input.task - 1];
    if (!state) return;
    if (input.do === "flag") state.flagged = input.on;
    else state.hints++;
  }

  private async applyReset(number: number): Promise<void> {
    const { id, host } = this.taskOf(number);
    const base = this.worlds.get(BASE);
    for (const session of this.sessions) session.dropWorld(id);
    this.worlds.delete(id);
    for (const call of [...(base?.ports.open.values() ?? [])])
      if (call.port === "login" && (call.ask as LoginQuestion).host === host)
        (call.answer as (answer: object) => void)({
          status: 255,
          stdout: "",
          stderr: `Connection to ${host} closed by remote host.\n`,
        });
    await this.visit(id);
    this.resets.shift()?.();
  }

  /** Looks without waiting: what is not yet as wanted may still become so. */
  private async applyGrade(numbers: readonly number[]): Promise<void> {
    const results: TaskResult[] = [];
    for (const { number, task, weight } of this.tasks) {
      if (!numbers.includes(number)) continue;
      const { world } = await this.visit(task.id);
      results.push(taskResult(task, weight, examineTask(task, viewOf(world))));
    }
    this.asked.shift()?.(reportOf(this.paper, this.seed, results));
  }
}

function hostTable(tasks: readonly Task[]): ReadonlyMap<string, Task> {
  const byHost = new Map<string, Task>();
  for (const task of tasks) {
    const other = byHost.get(task.host);
    if (other) throw new LabError(`${other.id} and ${task.id} are on the same host ${task.host}`);
    byHost.set(task.host, task);
  }
  return byHost;
}

async function makeNamed(
  library: Library,
  tasks: readonly Task[],
  byHost: ReadonlyMap<string, Task>,
  seed: string,
  name: string,
  at: Micros,
): Promise<MadeWorld> {
  const task = tasks.find(({ id }) => id === name);
  if (task) return makeTaskWorld(library, task, seed, at);
  const ssh = worldPrograms.get("ssh");
  if (!ssh) throw new LabError("the base host has no ssh");
  const programs = programTable(
    [...new Set(worldPrograms.values())].map((one) => (one === ssh ? gateway(ssh, (host) => byHost.has(host)) : one)),
  );
  return makeWorld({ name: BASE, hosts: [{ name: BASE, role: "none" }] }, seed, at, new WorldPorts(), programs);
}
