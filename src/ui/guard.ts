import { LabError } from "../lab/lab-error.ts";
import { TerminalOwner } from "./terminal-owner.ts";
import type { TerminalInput, TerminalOutput } from "./terminal-streams.ts";

/** The least that a prompt and the screens can do with. */
const LEAST_COLUMNS = 40;
const LEAST_ROWS = 10;
/** How long an editor may take to end when the program is asked to, in milliseconds. */
const PATIENCE = 500;

/** Where people sit; tests have their own. */
export interface Streams {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly env: NodeJS.ProcessEnv;
}

/** How a time at the terminal ended: the exit status, and what is said below it. */
export interface Ending {
  readonly status: number;
  readonly words?: string;
}

/** The signals that ask the program to end, and the exit status that says so. */
export const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Takes the terminal for `work` and gives it back as it was found, however the work ends. */
export async function atTerminal(
  what: string,
  { streams = process, status = true }: { streams?: Streams; status?: boolean },
  work: (owner: TerminalOwner) => Promise<Ending>,
): Promise<number> {
  const { stdin, stdout, env } = streams;
  const problem = seatProblem(what, streams);
  if (problem !== undefined) throw new LabError(problem);
  const owner = new TerminalOwner(stdin, stdout, { status: status && env.TERM !== "dumb", title: env.TERM !== "dumb" });
  const release = guard(owner, streams);
  try {
    owner.take();
    const ending = await work(owner);
    owner.giveBack();
    if (ending.words !== undefined) stdout.write(`${ending.words}\n`);
    return ending.status;
  } finally {
    // A screen or an editor is still there only after a fault.
    owner.turns.interrupt();
    await owner.turns.idle();
    owner.giveBack();
    release();
  }
}

/** Why this is no terminal to work at, in one sentence. */
export function seatProblem(what: string, { stdin, stdout }: Omit<Streams, "env">): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY)
    return `${what} needs a terminal: neither its input nor its output can be redirected`;
  const { columns = 80, rows = 24 } = stdout;
  if (columns >= LEAST_COLUMNS && rows >= LEAST_ROWS) return undefined;
  return `this terminal has ${columns} columns and ${rows} rows: ${what} needs ${LEAST_COLUMNS} and ${LEAST_ROWS}`;
}

/** Restores the terminal on every way out that the program can see. */
function guard(owner: TerminalOwner, { stdin, stdout }: Streams): () => void {
  const restore = () => owner.giveBack();
  const leave = (status: number) => {
    owner.turns.interrupt();
    const end = () => process.exit(status);
    void owner.turns.idle().then(end);
    setTimeout(end, PATIENCE).unref();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // A Ctrl-C for the editor that has the terminal reaches this process, too.
    if (signal !== "SIGINT" || !owner.lent) leave(signals[signal as keyof typeof signals]);
  };
  const onFault = (error: unknown) => {
    restore();
    process.stderr.write(`cka-lab: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(70);
  };
  const onGone = () => leave(signals.SIGHUP);
  for (const signal of Object.keys(signals)) process.on(signal, onSignal);
  process.on("exit", restore);
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);
  stdin.on("error", onGone);
  stdin.on("end", onGone);
  stdout.on("error", onGone);
  return () => {
    for (const signal of Object.keys(signals)) process.off(signal, onSignal);
    process.off("exit", restore);
    process.off("uncaughtException", onFault);
    process.off("unhandledRejection", onFault);
    stdin.off("error", onGone);
    stdin.off("end", onGone);
    stdout.off("error", onGone);
  };
}
