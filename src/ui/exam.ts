import type { Paper } from "../../grader/define.ts";
import type { Report } from "../../grader/score.ts";
import { beginAttempt } from "../lab/attempts.ts";
import type { Attempt } from "../lab/define.ts";
import { Library } from "../lab/library.ts";
import { drawPaper } from "../lab/paper.ts";
import { AttemptStore } from "../lab/store.ts";
import { attemptOptions } from "./attempt-options.ts";
import { Desk } from "./desk.ts";
import { atTerminal, type Ending } from "./guard.ts";
import { newSeed } from "./new-seed.ts";
import { scoreLines, summaryLines } from "./screens/score-lines.ts";
import { choose, showLines, showText } from "./screens/show.tsx";
import { clockText } from "./screens/wrap.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TerminalOwner } from "./terminal-owner.ts";

export interface ExamOptions extends Surroundings {
  /** A fixed paper; drawn by the seed where left out. */
  readonly paper?: string;
  readonly seed?: string;
}

/** When the time that is left is told, in minutes. */
const WARNINGS = [30, 15, 5];

const also = {
  "alt-q": "f1",
  "alt-t": "f2",
  "alt-m": "f3",
  "alt-p": "f4",
  "alt-n": "f5",
  "alt-s": "f10",
};

const keysHelp = `F1   the question            F2   all tasks, to go to one or flag it
F3   flag the task           F4   the task before
F5   the task after          F10  submit
If your terminal keeps these keys for itself: Alt-q, -t, -m (flag), -p, -n and -s (submit).`;

/** `cka-lab exam`: a paper against the clock. Gives the exit status. */
export function exam(options: ExamOptions = {}): Promise<number> {
  return atTerminal("an exam", options, async (owner) => {
    const { library = new Library(), store = new AttemptStore(), seed = newSeed() } = options;
    const paper = options.paper === undefined ? drawPaper(library.all(), seed) : library.paper(options.paper);
    if (!(await introduce(owner, paper, seed, library))) return { status: 0 };
    const attempt = beginAttempt("exam", paper, seed, attemptOptions(owner, { ...options, library, store }));
    return sitExam(owner, attempt, store, "f1");
  });
}

/** Says what is to come; false if the candidate would rather not begin. */
async function introduce(owner: TerminalOwner, paper: Paper, seed: string, library: Library): Promise<boolean> {
  const titles = paper.tasks.map(({ exercise }) => library.exercise(exercise).draw(seed).title);
  const left = await showText(owner, {
    title: paper.title,
    text: introText(paper, titles),
    hint: "Enter begin   Esc not now",
  });
  return left.value ?? false;
}

function introText(paper: Paper, titles: readonly string[]): string {
  const limit = paper.minutes === undefined ? "no limit of time" : `${paper.minutes} minutes`;
  const rows = titles.map((title, i) => {
    const weight = Math.round(paper.tasks[i]?.weight ?? 0);
    return `${String(i + 1).padStart(3)}  ${`${weight} %`.padStart(5)}  ${title}`;
  });
  return `${titles.length} tasks, ${limit}, passed with ${paper.pass} %. Only the state that you leave counts, part by part.
You begin on the host base, which has no tools: each task names a host, ssh to it, work there, and exit.

${keysHelp}

${rows.join("\n")}`;
}

/** Lets a candidate work on an attempt until it is submitted, the time is over, or it is left for later. */
export async function sitExam(
  owner: TerminalOwner,
  attempt: Attempt,
  store: AttemptStore,
  first?: string,
): Promise<Ending> {
  const place = new ExamPlace(owner, attempt);
  const how = await place.desk.sit(first);
  if (how === "later") {
    await attempt.stop();
    return { status: 0, words: `The exam stands still. It goes on with: cka-lab resume ${attempt.id}` };
  }
  owner.say(how === "time" ? "Time is over. Your work is being graded …" : "Your work is being graded …");
  const report = await attempt.finish();
  await showScore(owner, report);
  return { status: 0, words: farewell(report, owner.columns, store.at(attempt.id).folder) };
}

/** The result of an attempt on the screen. */
export async function showScore(owner: TerminalOwner, report: Report): Promise<void> {
  const lines = (columns: number) => scoreLines(report, columns);
  await showLines(owner, { title: "Result", lines, hint: "Esc leave" });
}

/** What stays in the terminal after an attempt. */
export function farewell(report: Report, columns: number, folder: string): string {
  const lines = summaryLines(report, columns - 1).map(({ text }) => text);
  return ["", ...lines, "", `The whole report: ${folder}/report.json`].join("\n");
}

/** The candidate's view of the paper: which task is looked at, what was seen, what was told. */
class ExamPlace {
  readonly desk: Desk<"submit" | "time" | "later">;
  private readonly owner: TerminalOwner;
  private readonly attempt: Attempt;
  private current = 1;
  private readonly visited = new Set<number>();
  private warned: number;

  constructor(owner: TerminalOwner, attempt: Attempt) {
    this.owner = owner;
    this.attempt = attempt;
    this.warned = attempt.remaining ?? Number.POSITIVE_INFINITY;
    this.desk = new Desk(owner, attempt, {
      keys: {
        f1: () => this.question(),
        f2: () => this.list(),
        f3: () => this.flag(this.current),
        f4: () => this.turn(-1),
        f5: () => this.turn(1),
        f10: () => this.submit(),
      },
      also,
      help: "F1 task  F2 list  F3 flag  F4 F5 turn  F10 end   or Alt with q t m p n s",
      status: () => this.status(),
      tick: () => this.tick(),
      reopened: "That was the shell on base; here is a new one. F10 submits the exam.",
    });
  }

  private get task() {
    const task = this.attempt.tasks[this.current - 1];
    if (!task) throw new Error(`there is no task ${this.current}`);
    return task;
  }

  private clock(): string {
    const { remaining, elapsed } = this.attempt;
    return clockText(remaining ?? Math.floor(elapsed));
  }

  private status() {
    return { left: this.place(), keys: "F1 task F2 list F3 flag F10 end", right: this.clock() };
  }

  /** "Task 2/5 · 20 % · ssh cka4821 · flag" */
  private place(): string {
    const { number, weight, task, flagged } = this.task;
    const parts = [`Task ${number}/${this.attempt.tasks.length}`, `${Math.round(weight)} %`, `ssh ${task.host}`];
    return [...parts, ...(flagged ? ["flag"] : [])].join(" · ");
  }

  private tick(): void {
    const { remaining } = this.attempt;
    if (remaining === undefined) return;
    const due = WARNINGS.findLast((minutes) => this.warned > minutes * 60 && remaining <= minutes * 60);
    this.warned = remaining;
    if (due !== undefined) this.desk.tell(`${due} minutes left`);
    if (remaining <= 0) this.desk.end("time");
  }

  private async question(): Promise<string | undefined> {
    this.visited.add(this.current);
    const left = await showText(this.owner, {
      title: this.place(),
      text: this.task.task.text,
      note: () => this.clock(),
      hint: "Esc back   F2 list   F3 flag   F4 F5 turn",
      leavesBy: (key) => this.desk.keyNamed(key) !== undefined,
    });
    const next = this.desk.onward(left.key, "f1");
    if (next !== "f3") return next;
    this.flag(this.current);
    return "f1";
  }

  private async list(): Promise<string | undefined> {
    const { attempt } = this;
    const left = await choose<number>(this.owner, {
      title: "Tasks",
      note: () => this.clock(),
      items: () =>
        attempt.tasks.map(({ number, task, weight, flagged }) => ({
          label: `${String(number).padStart(2)}  ${task.title}`,
          detail: `${`${Math.round(weight)} %`.padStart(5)}  ${flagged ? "flag" : "    "}  ${this.visited.has(number) ? "seen" : "    "}`,
          value: number,
        })),
      start: this.current - 1,
      hint: "f flag",
      keys: { f: (number) => void this.flag(number) },
      leavesBy: (key) => this.desk.keyNamed(key) !== undefined,
    });
    if (left.value !== undefined) {
      this.current = left.value;
      return "f1";
    }
    return this.desk.onward(left.key, "f2");
  }

  private flag(number: number): undefined {
    this.attempt.flag(number, !this.attempt.tasks[number - 1]?.flagged);
  }

  /** The task before or after, with its question; on a screen as well as at the prompt. */
  private turn(by: number): string {
    const count = this.attempt.tasks.length;
    this.current = ((this.current - 1 + by + count) % count) + 1;
    return "f1";
  }

  private async submit(): Promise<undefined> {
    const { tasks } = this.attempt;
    const unseen = tasks.filter(({ number }) => !this.visited.has(number)).length;
    const flagged = tasks.filter((task) => task.flagged).length;
    const open = [...(unseen ? [`not looked at: ${unseen}`] : []), ...(flagged ? [`flagged: ${flagged}`] : [])];
    const { value } = await choose<"submit" | "later" | "work">(this.owner, {
      title: "Submit the exam?",
      note: () => this.clock(),
      intro: `After this nothing can be changed.${open.length > 0 ? ` Tasks ${open.join(", ")}.` : ""}`,
      items: () => [
        { label: "Go on working", value: "work" },
        { label: "Submit and see the result", value: "submit" },
        { label: "Stop the clock and leave; cka-lab resume goes on", value: "later" },
      ],
    });
    if (value === "submit" || value === "later") this.desk.end(value);
  }
}
