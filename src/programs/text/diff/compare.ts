import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { slide } from "./slide.ts";

/** Which lines of each side have no partner on the other: Myers' divide and conquer, ties broken as GNU diff breaks them. */
export function* compareLines(
  proc: Process,
  old: readonly number[],
  now: readonly number[],
): Task<{ removed: boolean[]; added: boolean[] }> {
  const removed: boolean[] = new Array(old.length).fill(false);
  const added: boolean[] = new Array(now.length).fill(false);
  // What the other side does not have at all cannot be matched; the search is for the rest.
  const a = kept(old, new Set(now), removed);
  const b = kept(now, new Set(old), added);
  const search = new Search(
    proc,
    a.map((at) => old[at] ?? 0),
    b.map((at) => now[at] ?? 0),
  );
  yield* search.between(0, a.length, 0, b.length);
  for (const at of search.removed) removed[a[at] ?? 0] = true;
  for (const at of search.added) added[b[at] ?? 0] = true;
  slide(old, removed, added);
  slide(now, added, removed);
  return { removed, added };
}

function kept(lines: readonly number[], others: ReadonlySet<number>, changed: boolean[]): number[] {
  const places: number[] = [];
  lines.forEach((line, at) => {
    if (others.has(line)) places.push(at);
    else changed[at] = true;
  });
  return places;
}

class Search {
  readonly removed: number[] = [];
  readonly added: number[] = [];
  private readonly proc: Process;
  private readonly a: readonly number[];
  private readonly b: readonly number[];
  /** How far each diagonal was reached from the start and from the end. */
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  private readonly zero: number;

  constructor(proc: Process, a: readonly number[], b: readonly number[]) {
    this.proc = proc;
    this.a = a;
    this.b = b;
    const size = a.length + b.length + 3;
    this.forward = new Int32Array(size);
    this.backward = new Int32Array(size);
    this.zero = b.length + 1;
  }

  *between(aStart: number, aEnd: number, bStart: number, bEnd: number): Task {
    let [a0, a1, b0, b1] = [aStart, aEnd, bStart, bEnd];
    while (a0 < a1 && b0 < b1 && this.a[a0] === this.b[b0]) {
      a0++;
      b0++;
    }
    while (a0 < a1 && b0 < b1 && this.a[a1 - 1] === this.b[b1 - 1]) {
      a1--;
      b1--;
    }
    if (a0 === a1) {
      for (; b0 < b1; b0++) this.added.push(b0);
      return;
    }
    if (b0 === b1) {
      for (; a0 < a1; a0++) this.removed.push(a0);
      return;
    }
    const [aMiddle, bMiddle] = yield* this.middle(a0, a1, b0, b1);
    yield* this.between(a0, aMiddle, b0, bMiddle);
    yield* this.between(aMiddle, a1, bMiddle, b1);
  }

  /** A point on a shortest way, where the search from the start meets the one from the end. */
  private *middle(a0: number, a1: number, b0: number, b1: number): Task<[number, number]> {
    const { forward, backward, zero } = this;
    const [lowest, highest] = [a0 - b1, a1 - b0];
    const [first, last] = [a0 - b0, a1 - b1];
    let [fLow, fHigh, bLow, bHigh] = [first, first, last, last];
    const odd = ((first - last) & 1) !== 0;
    forward[zero + first] = a0;
    backward[zero + last] = a1;
    for (;;) {
      if (fLow > lowest) forward[zero + --fLow - 1] = -1;
      else fLow++;
      if (fHigh < highest) forward[zero + ++fHigh + 1] = -1;
      else fHigh--;
      for (let d = fHigh; d >= fLow; d -= 2) {
        const x = this.goForward(d, a1, b1);
        if (odd && bLow <= d && d <= bHigh && (backward[zero + d] ?? 0) <= x) return [x, x - d];
      }
      if (bLow > lowest) backward[zero + --bLow - 1] = 0x7fffffff;
      else bLow++;
      if (bHigh < highest) backward[zero + ++bHigh + 1] = 0x7fffffff;
      else bHigh--;
      for (let d = bHigh; d >= bLow; d -= 2) {
        const x = this.goBackward(d, a0, b0);
        if (!odd && fLow <= d && d <= fHigh && x <= (forward[zero + d] ?? 0)) return [x, x - d];
      }
      yield* this.proc.step(4 + ((fHigh - fLow) >> 2));
    }
  }

  private goForward(d: number, a1: number, b1: number): number {
    const { forward, zero } = this;
    const [below, above] = [forward[zero + d - 1] ?? 0, forward[zero + d + 1] ?? 0];
    let x = below < above ? above : below + 1;
    while (x < a1 && x - d < b1 && this.a[x] === this.b[x - d]) x++;
    forward[zero + d] = x;
    return x;
  }

  private goBackward(d: number, a0: number, b0: number): number {
    const { backward, zero } = this;
    const [below, above] = [backward[zero + d - 1] ?? 0, backward[zero + d + 1] ?? 0];
    let x = below < above ? below : above - 1;
    while (x > a0 && x - d > b0 && this.a[x - 1] === this.b[x - d - 1]) x--;
    backward[zero + d] = x;
    return x;
  }
}
