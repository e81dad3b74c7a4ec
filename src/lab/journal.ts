import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import type { Micros } from "../base/clock.ts";
import type { Input } from "./input.ts";
import { fileProblem, LabError } from "./lab-error.ts";

/** What a journal begins with: everything that decides the worlds but for what was typed. */
export interface JournalHead {
  readonly journal: 1;
  /** The version of cka-lab; another one may have other worlds. */
  readonly version: string;
  readonly id: string;
  readonly kind: "exam" | "practice";
  /** The exercises and their weights, as they were drawn. */
  readonly paper: import("../../grader/define.ts").Paper;
  readonly seed: string;
  readonly start: Micros;
}

/** An input and the time at which it was applied, counted from the start. */
export interface JournalEntry {
  readonly at: Micros;
  readonly input: Input;
}

/** A file of JSON lines that only grows. The system keeps what was written even when this process dies. */
export class Journal {
  private readonly file: number;
  private readonly path: string;
  private closed = false;

  private constructor(path: string, flags: "ax" | "a") {
    this.path = path;
    this.file = attempt(path, () => openSync(path, flags, 0o600));
  }

  static create(path: string, head: JournalHead): Journal {
    const journal = new Journal(path, "ax");
    journal.line(head);
    return journal;
  }

  /** Goes on with a journal that was read; a cut last line is taken away first. */
  static append(path: string, length: number): Journal {
    attempt(path, () => truncateSync(path, length));
    return new Journal(path, "a");
  }

  write(at: Micros, input: Input): void {
    if (!this.closed) this.line({ at, ...input });
  }

  private line(value: object): void {
    attempt(this.path, () => writeSync(this.file, `${JSON.stringify(value)}\n`));
  }

  /** What comes after the end of an attempt is not written. */
  close(): void {
    if (!this.closed) closeSync(this.file);
    this.closed = true;
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new LabError(`cannot write ${path}: ${fileProblem(error)}; CKA_LAB_HOME names another folder`);
  }
}

/** Reads a journal. A last line that was cut off counts as not written; `length` is how many bytes are whole. */
export function readJournal(path: string): { head: JournalHead; entries: readonly JournalEntry[]; length: number } {
  if (!existsSync(path)) throw new LabError(`there is no journal ${path}`);
  const bytes = readFileSync(path);
  const length = bytes.lastIndexOf(10) + 1;
  const lines = bytes.subarray(0, length).toString("utf8").split("\n").slice(0, -1);
  const values = lines.map((line, i) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new LabError(`line ${i + 1} of ${path} is damaged: the attempt cannot be resumed`);
    }
  });
  const head = values[0] as JournalHead | undefined;
  if (head?.journal !== 1) throw new LabError(`${path} is no journal of cka-lab`);
  const entries = values.slice(1).map((value) => {
    const { at, ...input } = value as { at: Micros } & Input;
    return { at, input: input as Input };
  });
  return { head, entries, length };
}
