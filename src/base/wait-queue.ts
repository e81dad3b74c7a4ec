/** Something one can wait for: a pipe with room, a child that ends, a watch with news. Waking wakes all, in order. */
export class WaitQueue {
  private waiters: (() => void)[] = [];

  /** Calls `wake` once, at the next `wake()`; the returned function takes the wish back. */
  add(wake: () => void): () => void {
    this.waiters.push(wake);
    return () => {
      const at = this.waiters.indexOf(wake);
      if (at >= 0) this.waiters.splice(at, 1);
    };
  }

  wake(): void {
    if (this.waiters.length === 0) return;
    const woken = this.waiters;
    this.waiters = [];
    for (const wake of woken) wake();
  }
}
