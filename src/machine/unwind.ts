import { Errno, Exit, Interrupted, type Task } from "./define.ts";

/** Ends a generator from outside: its `finally` blocks run; what they would wait for is not waited for. */
export function unwind(body: Task<number>): void {
  try {
    let step = body.return(0);
    for (let left = 100; !step.done && left > 0; left--) step = body.next("interrupted");
  } catch (error) {
    if (!(error instanceof Errno || error instanceof Exit || error instanceof Interrupted)) throw error;
  }
}
