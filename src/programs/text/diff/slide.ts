/**
 * Moves runs of changed lines over equal lines, so that runs join where they can, lie beside a run of the other side
 * where they can, and else as far down as they go: what makes a diff read well.
 */
export function slide(lines: readonly number[], changed: boolean[], other: boolean[]): void {
  const end = lines.length;
  let at = 0;
  // The place in the other text that the line at `at` stands beside.
  let beside = 0;
  for (;;) {
    while (at < end && !changed[at]) {
      while (other[beside]) beside++;
      beside++;
      at++;
    }
    if (at >= end) return;
    const run = new Run(lines, changed, other, at, beside);
    run.settle();
    at = run.end;
    beside = run.beside;
  }
}

class Run {
  end: number;
  beside: number;
  private start: number;
  private readonly lines: readonly number[];
  private readonly changed: boolean[];
  private readonly other: boolean[];

  constructor(lines: readonly number[], changed: boolean[], other: boolean[], start: number, beside: number) {
    this.lines = lines;
    this.changed = changed;
    this.other = other;
    this.start = start;
    this.end = start;
    this.beside = beside;
    while (changed[this.end]) this.end++;
    while (other[this.beside]) this.beside++;
  }

  settle(): void {
    let matching: number;
    let length: number;
    do {
      length = this.end - this.start;
      this.up();
      matching = this.other[this.beside - 1] ? this.end : this.lines.length;
      matching = this.down(matching);
    } while (length !== this.end - this.start);
    while (matching < this.end) this.stepUp();
  }

  private up(): void {
    while (this.start > 0 && this.lines[this.start - 1] === this.lines[this.end - 1]) {
      this.stepUp();
      while (this.changed[this.start - 1]) this.start--;
    }
  }

  private stepUp(): void {
    this.changed[--this.start] = true;
    this.changed[--this.end] = false;
    do this.beside--;
    while (this.other[this.beside]);
  }

  /** Returns the lowest end of the run at which it still lay beside a run of the other text. */
  private down(before: number): number {
    let matching = before;
    while (this.end < this.lines.length && this.lines[this.start] === this.lines[this.end]) {
      this.changed[this.start++] = false;
      this.changed[this.end++] = true;
      while (this.changed[this.end]) this.end++;
      this.beside++;
      while (this.other[this.beside]) {
        this.beside++;
        matching = this.end;
      }
    }
    return matching;
  }
}
