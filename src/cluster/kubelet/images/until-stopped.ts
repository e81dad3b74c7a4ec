import { Interrupted, type Signal, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";

/** What a daemon does after it has opened its ports: nothing, until one of the signals asks it to end. Gives the signal. */
export function* untilStopped(proc: Process, signals: readonly Signal[] = ["TERM", "INT", "QUIT"]): Task<Signal> {
  let asked: Signal | undefined;
  for (const signal of signals)
    proc.on(signal, (which) => {
      asked = which;
    });
  while (!asked) {
    try {
      yield* proc.wait({ on: [] });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
  return asked;
}
