import { SECOND } from "../../base/clock.ts";
import { Errno, Interrupted, type Task } from "../../machine/define.ts";
import { allocate, release } from "../../machine/memory.ts";
import type { Process } from "../../machine/process.ts";

/** What a worker does for ever: compute, wait for the disk, or take memory, hold it for `hang` seconds (0: for ever; -1: not) and free it. */
export type Hog =
  | { readonly kind: "cpu"; readonly load: number }
  | { readonly kind: "io" }
  | { readonly kind: "vm"; readonly bytes: number; readonly hang: number; readonly keep: boolean };

export type Hogs = readonly Process[];

/** How long a worker computes in one go, in microseconds. */
const SPELL = 100_000;

/** The body of a worker. `failed` says that there is not so much memory, and ends it. */
export function hogBody(
  hog: Hog,
  failed: (proc: Process, error: Errno) => Task<number>,
): (proc: Process) => Task<number> {
  return function* body(proc) {
    try {
      if (hog.kind === "vm") yield* takeMemory(proc, hog);
      for (;;) {
        const part = hog.kind === "cpu" ? hog.load : 0.05;
        yield* proc.step(Math.max(1000, SPELL * part));
        if (part < 1) yield* proc.sleep((SPELL * (1 - part)) / SECOND);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* failed(proc, error);
    }
  };
}

function* takeMemory(proc: Process, { bytes, hang, keep }: Extract<Hog, { kind: "vm" }>): Task {
  yield* allocate(proc, bytes);
  for (;;) {
    if (hang === 0) yield* proc.wait({ on: [] });
    else if (hang > 0) yield* proc.sleep(hang);
    else yield* proc.step(SPELL);
    if (keep) continue;
    release(proc, bytes);
    yield* allocate(proc, bytes);
  }
}

/** Waits until a worker has failed or the time (0: none) is over, and ends all of them. Gives whether one failed. */
export function* waitForHogs(
  proc: Process,
  hogs: Hogs,
  seconds: number,
  failed: (hog: Process) => void,
): Task<boolean> {
  const until = seconds > 0 ? proc.machine.kernel.clock.now + seconds * SECOND : undefined;
  let asked = false;
  for (const signal of ["TERM", "INT"] as const)
    proc.on(signal, () => {
      asked = true;
    });
  let worst = false;
  try {
    for (;;) {
      const ended = hogs.find((hog) => hog.state === "ended");
      if (ended) {
        worst = true;
        failed(ended);
        break;
      }
      const wake = yield* proc.wait({ on: hogs.map((hog) => hog.changed), until });
      if (wake === "timeout") break;
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    worst = asked;
  }
  for (const hog of hogs) hog.signal("KILL");
  return worst;
}
