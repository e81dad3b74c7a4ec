import { type StoreChange, TooOld } from "./define.ts";

/**
 * The latest changes of a resource, so that a watch can begin at an older revision. Holds what the API server's watch
 * cache would hold; older ones are forgotten.
 */
export class History {
  private changes: StoreChange[] = [];
  /** Where the oldest kept change stands in `changes`: what is before it was forgotten. */
  private head = 0;
  /** The revision of the youngest forgotten change. */
  private forgotten = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  push(change: StoreChange): void {
    this.changes.push(change);
    if (this.changes.length - this.head > this.limit) this.forget(this.head + 1);
  }

  /** Forgets the changes up to a revision. */
  compact(revision: number): void {
    let count = this.head;
    while (count < this.changes.length && (this.changes[count] as StoreChange).revision <= revision) count++;
    this.forget(count);
  }

  /** The changes after `revision`. */
  since(revision: number): readonly StoreChange[] {
    if (revision < this.forgotten) throw new TooOld(revision, this.forgotten);
    let low = this.head;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.changes[middle] as StoreChange).revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.changes.slice(low);
  }

  private forget(count: number): void {
    if (count === this.head) return;
    this.forgotten = (this.changes[count - 1] as StoreChange).revision;
    // The forgotten are let go in blocks, so that each costs little.
    if (count * 2 > this.changes.length || count > 1024) {
      this.changes = this.changes.slice(count);
      this.head = 0;
    } else this.head = count;
  }
}
