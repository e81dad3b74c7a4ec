import type { Signal } from "../../machine/define.ts";

/**
 * What stops a command before it is done. "line": the rest of the typed line or script line does not run; "shell": a
 * shell that is not interactive ends. The message is printed where the command runs, so that it goes where its stderr goes.
 */
export class Problem extends Error {
  readonly scope: "line" | "shell";

  constructor(message: string, scope: "line" | "shell" = "line") {
    super(message);
    this.scope = scope;
  }
}

/** A problem that was already told: unwinds to the reader of lines. */
export class Abandoned extends Error {
  readonly scope: "line" | "shell";
  readonly status: number;

  constructor(scope: "line" | "shell", status: number) {
    super("abandoned");
    this.scope = scope;
    this.status = status;
  }
}

/** `exit`: unwinds the whole shell, which then runs its EXIT trap. */
export class ShellExit extends Error {
  readonly status: number;
  /** The signal that the shell dies of. */
  readonly signal: Signal | undefined;

  constructor(status: number, signal?: Signal) {
    super(`exit ${status}`);
    this.status = status;
    this.signal = signal;
  }
}
