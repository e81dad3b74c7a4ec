/** Virtual time: whole microseconds since the Unix epoch. Whole numbers, so that slices of time add up exactly. */
export type Micros = number;

export const MILLISECOND: Micros = 1_000;
export const SECOND: Micros = 1_000_000;

/** Something that will happen at a time; `cancel` makes it not happen. */
export interface Timer {
  readonly at: Micros;
  cancel(): void;
}

interface Entry extends Timer {
  order: number;
  run: (() => void) | undefined;
}

/** How a run of the clock ended: time reached, no more due; the budget used up; or a host call to be answered first. */
export type RunEnd = "reached" | "budget" | "held";

/**
 * The world's only time. What is due runs in the order of its time, and in the order it was asked for where times are
 * equal; so the same requests give the same world however the time is cut.
 */
export class Clock {
  now: Micros;
  /** While this is above zero nothing runs: a process waits for an answer of the host that takes no virtual time. */
  holds = 0;
  private readonly heap: Entry[] = [];
  /** What is due now: a plain queue, because most of what a world does is due at once. */
  private due: Entry[] = [];
  private dueHead = 0;
  private count = 0;

  constructor(start: Micros) {
    this.now = start;
  }

  /** Runs `run` at the time `at` (or now, if that has passed). */
  at(at: Micros, run: () => void): Timer {
    const entry: Entry = { at: Math.max(at, this.now), order: this.count++, run, cancel: cancelEntry };
    if (entry.at === this.now) this.due.push(entry);
    else push(this.heap, entry);
    return entry;
  }

  after(seconds: number, run: () => void): Timer {
    return this.at(this.now + Math.round(seconds * SECOND), run);
  }

  /** Runs `run` at this very time, after all that is already due. */
  soon(run: () => void): Timer {
    return this.at(this.now, run);
  }

  /** When the next thing is due, if anything is. */
  next(): Micros | undefined {
    if (this.peekDue()) return this.now;
    while (this.heap[0] && !this.heap[0].run) pop(this.heap);
    return this.heap[0]?.at;
  }

  /**
   * Runs what is due up to and including `until`, at most `budget` things, and leaves `now` at `until` if it got there.
   */
  run(until: Micros, budget = Number.POSITIVE_INFINITY): RunEnd {
    for (let left = budget; ; left--) {
      if (this.holds > 0) return "held";
      const next = this.next();
      if (next === undefined || next > until) break;
      if (left <= 0) return "budget";
      this.step(next);
    }
    this.now = Math.max(this.now, until);
    return "reached";
  }

  /** Runs the one thing that is next, jumping to its time. False when nothing is left, or when the host is asked. */
  runNext(): boolean {
    const next = this.holds > 0 ? undefined : this.next();
    if (next === undefined) return false;
    this.step(next);
    return true;
  }

  private step(at: Micros): void {
    if (at > this.now) {
      this.now = at;
      // All entries of this time move to the queue, in order, so that later `soon`s come after them.
      while (this.heap[0] && this.heap[0].at === at) this.due.push(pop(this.heap) as Entry);
    }
    const entry = this.due[this.dueHead++];
    if (this.dueHead > 1024 && this.dueHead * 2 > this.due.length) {
      this.due = this.due.slice(this.dueHead);
      this.dueHead = 0;
    }
    const run = entry?.run;
    if (entry) entry.run = undefined;
    run?.();
  }

  private peekDue(): boolean {
    while (this.dueHead < this.due.length) {
      if (this.due[this.dueHead]?.run) return true;
      this.dueHead++;
    }
    this.due.length = 0;
    this.dueHead = 0;
    return false;
  }
}

function cancelEntry(this: Timer): void {
  (this as Entry).run = undefined;
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let i = heap.length;
  heap.push(entry);
  while (i > 0) {
    const up = (i - 1) >> 1;
    const parent = heap[up] as Entry;
    if (!before(entry, parent)) break;
    heap[i] = parent;
    i = up;
  }
  heap[i] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
    if (!before(heap[child] as Entry, last)) break;
    heap[i] = heap[child] as Entry;
    i = child;
  }
  heap[i] = last;
  return top;
}
