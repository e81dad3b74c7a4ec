import { Interrupted, type Program, type Signal } from "../../machine/define.ts";

const asks: readonly Signal[] = ["TERM", "INT"];

/**
 * The main function of a daemon that ends when it is asked to, as process 1 of a container, too: whatever it waits for
 * is broken off, and what it has opened is closed. Gives `status`.
 */
export function endsOnTerm(run: Program["run"], status = 0): Program["run"] {
  return function* main(proc, argv) {
    for (const signal of asks) proc.on(signal, () => undefined);
    try {
      return yield* run(proc, argv);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      return status;
    }
  };
}
