import { Interrupted, type Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";

/** Runs what watches: an interrupt ends the command with status 1 instead of killing it (kubectl pkg/util/interrupt, 1.33). */
export function* endsAtInterrupt<T>({ proc }: Context, task: Task<T>): Task<T> {
  const before = proc.handlerOf("INT");
  let interrupted = false;
  proc.on("INT", () => {
    interrupted = true;
  });
  try {
    return yield* task;
  } catch (error) {
    if (interrupted && error instanceof Interrupted) proc.exit(1);
    throw error;
  } finally {
    proc.on("INT", before);
  }
}
