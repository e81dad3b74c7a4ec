import { resumeAttempt } from "../lab/attempts.ts";
import { readJournal } from "../lab/journal.ts";
import { LabError } from "../lab/lab-error.ts";
import { Library } from "../lab/library.ts";
import { AttemptStore } from "../lab/store.ts";
import { openEditor } from "./editor-port.ts";
import { sitExam } from "./exam.ts";
import { atTerminal, type Streams } from "./guard.ts";
import { sitPractice } from "./practice.ts";

export interface ResumeOptions {
  /** An attempt; the newest unfinished one where left out. */
  readonly id?: string;
  readonly status?: boolean;
  readonly streams?: Streams;
  readonly library?: Library;
  readonly store?: AttemptStore;
}

/** `cka-lab resume`: an attempt as it was left. Gives the exit status. */
export function resume(options: ResumeOptions = {}): Promise<number> {
  return atTerminal("an attempt", options, async (owner) => {
    const { library = new Library(), store = new AttemptStore() } = options;
    const stored = options.id === undefined ? store.unfinished() : store.at(options.id);
    if (!stored) throw new LabError("there is no unfinished attempt");
    const { kind } = readJournal(stored.journal).head;
    const editor = (ask: Parameters<typeof openEditor>[0]) => openEditor(ask, owner);
    const attempt = await resumeAttempt(stored.id, { library, store, editor });
    return kind === "exam" ? sitExam(owner, attempt, store) : sitPractice(owner, attempt, store);
  });
}
