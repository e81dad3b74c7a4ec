import { MILLISECOND, type Micros } from "../base/clock.ts";

/** The longest that the worlds run on before inputs are looked at, in their time. */
const STEP: Micros = 5 * MILLISECOND;
/** How long this process computes before it gives its host's event loop a turn, in milliseconds. */
const TURN = 8;
/** How many events are run between two looks at the host's clock. */
const BUDGET = 400;
/** The longest nap, in milliseconds. */
const NAP = 250;

/** What follows the wall clock. */
export interface Follower {
  now(): Micros;
  /** When something is next due. */
  nextEvent(): Micros | undefined;
  advance(until: Micros, budget: number): "reached" | "budget" | "held";
  /** Waits for an answer of the host for which time is held. */
  settled(): Promise<void>;
  /** Applies inputs; false when time must go on first. */
  applyWaiting(): Promise<boolean>;
  failed(error: unknown): void;
}

/** The host's clock and timers, so that tests can have their own. */
export interface HostClock {
  /** Milliseconds. */
  now(): number;
  later(run: () => void, milliseconds: number): () => void;
}

export const systemClock: HostClock = {
  now: () => performance.now(),
  later(run, milliseconds) {
    if (milliseconds <= 0) {
      const soon = setImmediate(run);
      return () => clearImmediate(soon);
    }
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Ties the worlds' time to the wall clock, in steps small enough that a key is never late. */
export class Pace {
  private readonly follower: Follower;
  private readonly clock: HostClock;
  private state: "stopped" | "running" | "stopping" = "stopped";
  private origin = { wall: 0, world: 0 };
  private cancel: (() => void) | undefined;
  private turn: Promise<void> | undefined;
  private hurried = false;

  constructor(follower: Follower, clock: HostClock) {
    this.follower = follower;
    this.clock = clock;
  }

  start(): void {
    if (this.state !== "stopped") return;
    this.state = "running";
    this.origin = { wall: this.clock.now(), world: this.follower.now() };
    this.schedule(0);
  }

  /** Ends with all worlds at the same time, which is then theirs until the next start. */
  async stop(): Promise<void> {
    if (this.state === "stopped") return;
    this.state = "stopping";
    this.cancel?.();
    await this.turn;
    let end = this.step(this.target());
    for (; end !== "reached"; end = this.step(this.follower.now() + 1))
      if (end === "held") await this.follower.settled();
    this.state = "stopped";
  }

  /** An input has come in: do not nap. */
  hurry(): void {
    this.hurried = true;
    if (this.state === "running" && !this.turn) this.schedule(0);
  }

  private schedule(milliseconds: number): void {
    this.cancel?.();
    this.cancel = this.clock.later(() => {
      this.cancel = undefined;
      this.turn = this.takeTurn()
        .catch((error: unknown) => {
          this.state = "stopped";
          this.follower.failed(error);
        })
        .finally(() => {
          this.turn = undefined;
          if (this.state === "running") this.schedule(this.hurried ? 0 : this.nap());
        });
    }, milliseconds);
  }

  private async takeTurn(): Promise<void> {
    this.hurried = false;
    const deadline = this.clock.now() + TURN;
    do {
      // Caught up is who is where the wall's clock stood before the step; it has gone on since.
      const target = this.target();
      const end = this.step(target);
      if (end === "held") await this.follower.settled();
      if (end !== "reached") continue;
      if (!(await this.follower.applyWaiting())) this.hurried = true;
      // What the inputs set off is due at this same time.
      else if (this.follower.nextEvent() === this.follower.now()) this.follower.advance(this.follower.now(), BUDGET);
      if (this.follower.now() >= target) return;
    } while (this.clock.now() < deadline && this.state === "running");
    this.hurried = true;
  }

  /** One step towards the wall's time: to its end, or to the next event where nothing is due sooner. */
  private step(target: Micros): "reached" | "budget" | "held" {
    const { follower } = this;
    const now = follower.now();
    const next = follower.nextEvent() ?? target;
    return follower.advance(Math.max(now, Math.min(target, Math.max(now + STEP, next))), BUDGET);
  }

  /** Where the worlds should be by the wall clock. */
  private target(): Micros {
    return this.origin.world + Math.floor((this.clock.now() - this.origin.wall) * MILLISECOND);
  }

  private nap(): number {
    const next = this.follower.nextEvent();
    const due = next === undefined ? NAP : (next - this.target()) / MILLISECOND;
    // The host's timers are late by up to a millisecond, so the last one is waited for awake.
    return Math.min(NAP, Math.max(0, Math.floor(due)));
  }
}
