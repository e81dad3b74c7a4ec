import type { Paper, Task } from "../../grader/define.ts";
import type { Report } from "../../grader/score.ts";
import type { Micros } from "../base/clock.ts";
import type { EditorAnswer, EditorQuestion } from "../base/ports.ts";
import type { Completion, LineEvent, LineRequest } from "../machine/terminal.ts";

/**
 * What a screen shows of a session. All of it is called while the world runs or between two runs, always in the order
 * in which things happened; never after `ended`.
 */
export interface Screen {
  output(text: string): void;
  /**
   * A shell asks for a line (undefined: no longer). `typedAhead` was typed while nobody read: it stands in the line. The
   * same request again: more was typed before the sender knew of it.
   */
  lineRequest(request: LineRequest | undefined, typedAhead: string): void;
  completion(completion: Completion): void;
  ended(status: number): void;
}

/**
 * A login on a host, as the screen's owner drives it. What is typed is applied at the next moment at which all worlds
 * have reached the same time, and written to the journal with that time. A session that went on to another host by ssh
 * is still the same session.
 */
export interface Session {
  readonly id: number;
  /** The host that the keys go to now, for the status row. */
  readonly host: string;
  /** The open line request, for a screen that is attached late (after `resume`). */
  readonly request: LineRequest | undefined;
  /** Raw: every key to the program; cooked: the terminal itself edits and echoes. Only matters without a line request. */
  readonly mode: "cooked" | "raw";
  readonly atLineStart: boolean;
  readonly ended: boolean;
  /** The last output, at most some 16,000 characters: what a screen that is attached late may show. */
  readonly recent: string;
  /** Shows the session on a screen from now on; a pending line request is handed over at once. */
  attach(screen: Screen): void;
  /** Keys for whoever reads: the running program, or the terminal's own line. */
  input(keys: string): void;
  /** The line editor's answer to the line request, or its wish for completion. */
  answer(event: LineEvent): void;
  resize(columns: number, rows: number): void;
  /** The window was closed: everything in it gets HUP. */
  hangUp(): void;
}

/** Where and how large a new session is. */
export interface SessionOptions {
  readonly host?: string;
  /** candidate where left out. */
  readonly user?: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** Worlds that people work in, tied to the wall clock while started. */
export interface Lab {
  /** The worlds' time, the same for all of them. */
  readonly now: Micros;
  readonly sessions: readonly Session[];
  open(options?: SessionOptions): Session;
  /** Lets time pass with the wall clock. A fault of the simulator goes to `onFault`, and time stops. */
  start(onFault: (error: unknown) => void): void;
  /** Stops time; what was typed before is applied first. The journal, if there is one, is complete then. */
  stop(): Promise<void>;
}

/** One task of an attempt, as the candidate sees it. */
export interface AttemptTask {
  readonly number: number;
  readonly task: Task;
  /** In per cent of the paper. */
  readonly weight: number;
  readonly flagged: boolean;
  /** How many hints were shown. */
  readonly hints: number;
}

/** A candidate at work on a paper. Time is counted while the lab is started, and stops with it. */
export interface Attempt extends Lab {
  readonly id: string;
  readonly paper: Paper;
  readonly seed: string;
  readonly tasks: readonly AttemptTask[];
  /** Seconds since the beginning. */
  readonly elapsed: number;
  /** Seconds left; undefined where nothing limits them (practice). */
  readonly remaining: number | undefined;
  readonly finished: boolean;
  flag(number: number, flagged: boolean): void;
  /** Counts a hint as shown and gives its text; undefined when there is none left. */
  hint(number: number): string | undefined;
  /** Gives a task a fresh world, as it was before the candidate came. Logins in the old one end. The lab must be started. */
  reset(number: number): Promise<void>;
  /** Looks at the worlds as they are now, without waiting for anything to settle. The lab must be started. */
  grade(numbers?: readonly number[]): Promise<Report>;
  /** Stops time, lets things settle for a minute of the worlds' time, grades, saves the report, and ends the attempt. */
  finish(): Promise<Report>;
}

/** A real editor on the real terminal, lent by the screen's owner. */
export type EditorPort = (ask: EditorQuestion) => Promise<EditorAnswer>;
