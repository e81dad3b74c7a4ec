import type { Clock } from "../base/clock.ts";
import type { HostPorts } from "../base/ports.ts";
import type { Random } from "../base/random.ts";

/** How much a process may compute before others get their turn: this many steps make a slice of as many microseconds. */
export const SLICE = 256;

/** What all hosts of a world share: time, chance, the way to the real machine, and the count of what was computed. */
export class Kernel {
  readonly clock: Clock;
  readonly random: Random;
  ports: HostPorts | undefined;
  /** Slices run by all processes so far: what a caller sets a limit on. */
  slices = 0;
  private groups = 0;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
  }

  /** A number for a new process group. */
  newGroup(): number {
    return ++this.groups;
  }
}
