import { beginAttempt } from "../lab/attempts.ts";
import type { Attempt } from "../lab/define.ts";
import { Library } from "../lab/library.ts";
import { practicePaper } from "../lab/paper.ts";
import { AttemptStore } from "../lab/store.ts";
import { attemptOptions } from "./attempt-options.ts";
import { chooseExercise } from "./choose-exercise.ts";
import { Desk } from "./desk.ts";
import { farewell, showScore } from "./exam.ts";
import { atTerminal, type Ending } from "./guard.ts";
import { newSeed } from "./new-seed.ts";
import { taskLines } from "./screens/score-lines.ts";
import { choose, showLines, showText } from "./screens/show.tsx";
import { clockText } from "./screens/wrap.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TerminalOwner } from "./terminal-owner.ts";

export interface PracticeOptions extends Surroundings {
  /** An exercise; chosen from a list where left out. */
  readonly id?: string;
  readonly seed?: string;
}

const also = {
  "alt-q": "f1",
  "alt-h": "f6",
  "alt-k": "f7",
  "alt-o": "f8",
  "alt-r": "f9",
  "alt-s": "f10",
};

const KEYS = "F1 task F6 hint F7 check F8 solution F9 reset F10 end";

/** `cka-lab practice`: one exercise without a clock. Gives the exit status. */
export function practice(options: PracticeOptions = {}): Promise<number> {
  return atTerminal("practice", options, async (owner) => {
    const { library = new Library(), store = new AttemptStore(), seed = newSeed() } = options;
    const id = options.id ?? (await chooseExercise(owner, library));
    if (id === undefined) return { status: 0 };
    const paper = practicePaper(library.exercise(id));
    const attempt = beginAttempt("practice", paper, seed, attemptOptions(owner, { ...options, library, store }));
    return sitPractice(owner, attempt, store, "f1");
  });
}

/** Lets somebody work on the one task of an attempt until they have enough of it. */
export async function sitPractice(
  owner: TerminalOwner,
  attempt: Attempt,
  store: AttemptStore,
  first?: string,
): Promise<Ending> {
  const how = await new PracticePlace(owner, attempt).desk.sit(first);
  if (how === "later") {
    await attempt.stop();
    return { status: 0, words: `This exercise goes on with: cka-lab resume ${attempt.id}` };
  }
  owner.say("Your work is being graded …");
  const report = await attempt.finish();
  await showScore(owner, report);
  return { status: 0, words: farewell(report, owner.columns, store.at(attempt.id).folder) };
}

class PracticePlace {
  readonly desk: Desk<"end" | "later">;
  private readonly owner: TerminalOwner;
  private readonly attempt: Attempt;

  constructor(owner: TerminalOwner, attempt: Attempt) {
    this.owner = owner;
    this.attempt = attempt;
    this.desk = new Desk(owner, attempt, {
      keys: {
        f1: () => this.question(),
        f6: () => this.hint(),
        f7: () => this.check(),
        f8: () => this.solution(),
        f9: () => this.reset(),
        f10: () => this.leave(),
      },
      also,
      help: `${KEYS}   or Alt with q h k o r s`,
      status: () => ({ left: `ssh ${this.task.host}`, keys: KEYS, right: this.clock() }),
      tick: () => {},
      reopened: "That was the shell on base; here is a new one. F10 ends the exercise.",
    });
  }

  private get task() {
    const [first] = this.attempt.tasks;
    if (!first) throw new Error("an attempt without a task");
    return first.task;
  }

  private clock(): string {
    return clockText(Math.floor(this.attempt.elapsed));
  }

  private leavesBy = (key: string): boolean => this.desk.keyNamed(key) !== undefined;

  private async question(): Promise<string | undefined> {
    const left = await showText(this.owner, {
      title: `${this.task.title} · ssh ${this.task.host}`,
      text: this.task.text,
      note: () => this.clock(),
      hint: "Esc back   F6 hint   F7 check",
      leavesBy: this.leavesBy,
    });
    return this.desk.onward(left.key, "f1");
  }

  /** One more hint each time, below those that were shown. */
  private async hint(): Promise<string | undefined> {
    const { hints } = this.task;
    const more = this.attempt.hint(1) !== undefined;
    const shown = this.attempt.tasks[0]?.hints ?? 0;
    const text = hints.slice(0, shown).map((hint, i) => `${i + 1}. ${hint.trim()}`);
    if (!more) text.push(shown > 0 ? "There are no more hints." : "This exercise has no hints.");
    const hint = shown < hints.length ? "Esc back   F6 one more" : "Esc back";
    const left = await showText(this.owner, {
      title: `Hints: ${shown} of ${hints.length}`,
      text: text.join("\n\n"),
      hint,
      leavesBy: this.leavesBy,
    });
    // Pressed again it is asked for again, and shows the next one.
    return shown < hints.length ? this.desk.keyNamed(left.key ?? "") : this.desk.onward(left.key, "f6");
  }

  private async check(): Promise<string | undefined> {
    const report = await this.attempt.grade([1]);
    const [result] = report.tasks;
    if (!result) return undefined;
    const left = await showLines(this.owner, {
      title: "As it is now",
      lines: (columns) => taskLines(result, columns),
      leavesBy: this.leavesBy,
    });
    return this.desk.onward(left.key, "f7");
  }

  private async solution(): Promise<string | undefined> {
    if (!(await this.confirm("Show the solution?", "You learn more by one more hint (F6).", "Show it")))
      return undefined;
    const { solution, explain, host } = this.task;
    const text = `On ${host}:\n\n${solution.trim()}\n\n${explain.trim()}`;
    const left = await showText(this.owner, { title: "Solution", text, leavesBy: this.leavesBy });
    return this.desk.onward(left.key, "f8");
  }

  private async reset(): Promise<undefined> {
    const intro = "The cluster becomes as it was at the beginning; what you did in it is lost.";
    if (!(await this.confirm("Begin anew?", intro, "Begin anew"))) return;
    await this.attempt.reset(1);
    this.desk.tell("the cluster is as it was at the beginning");
  }

  private async leave(): Promise<undefined> {
    const { value } = await choose<"work" | "end" | "later">(this.owner, {
      title: "End the exercise?",
      items: () => [
        { label: "Go on working", value: "work" },
        { label: "End it: the result and the explanation", value: "end" },
        { label: "Leave it for now; cka-lab resume goes on", value: "later" },
      ],
    });
    if (value === "end" || value === "later") this.desk.end(value);
  }

  private async confirm(title: string, intro: string, yes: string): Promise<boolean> {
    const { value } = await choose<boolean>(this.owner, {
      title,
      intro,
      items: () => [
        { label: "Go on working", value: false },
        { label: yes, value: true },
      ],
    });
    return value ?? false;
  }
}
