/** Who has the whole screen, one after the other: an editor that is asked for under an overlay waits for its end. */
export class Turns {
  private last: Promise<void> = Promise.resolve();
  private readonly closers = new Set<() => void>();

  /** Runs `use` when everybody before has ended; `close` asks it to end. */
  async next<T>(close: () => void, use: () => Promise<T>): Promise<T> {
    const before = this.last;
    let free = (): void => {};
    this.last = new Promise((resolve) => {
      free = resolve;
    });
    this.closers.add(close);
    await before;
    try {
      return await use();
    } finally {
      this.closers.delete(close);
      free();
    }
  }

  /** Asks everybody to end, those who wait as well. */
  interrupt(): void {
    for (const close of [...this.closers]) close();
  }

  /** Waits until everybody has ended. */
  idle(): Promise<void> {
    return this.last;
  }
}
