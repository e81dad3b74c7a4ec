import { resumeAttempt } from "../lab/attempts.ts";
import { readJournal } from "../lab/journal.ts";
import { LabError } from "../lab/lab-error.ts";
import { Library } from "../lab/library.ts";
import { AttemptStore } from "../lab/store.ts";
import { attemptOptions } from "./attempt-options.ts";
import { sitExam } from "./exam.ts";
import { atTerminal } from "./guard.ts";
import { sitPractice } from "./practice.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ResumeOptions extends Surroundings {
  /** An attempt; the newest unfinished one where left out. */
  readonly id?: string;
}

/** `cka-lab resume`: an attempt as it was left. Gives the exit status. */
export function resume(options: ResumeOptions = {}): Promise<number> {
  return atTerminal("an attempt", options, async (owner) => {
    const { library = new Library(), store = new AttemptStore() } = options;
    const stored = options.id === undefined ? store.unfinished() : store.at(options.id);
    if (!stored) throw new LabError("there is no unfinished attempt");
    const { kind } = readJournal(stored.journal).head;
    owner.say("The attempt is being brought back …");
    const attempt = await resumeAttempt(stored.id, attemptOptions(owner, { ...options, library, store }));
    return kind === "exam" ? sitExam(owner, attempt, store) : sitPractice(owner, attempt, store);
  });
}
