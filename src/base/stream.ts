import { WaitQueue } from "./wait-queue.ts";

/**
 * Items that come one after the other: the events of a watch, the chunks of a log. The reader takes what is there and
 * waits on `changed` for more; an `each` handler, if given, gets every item at once instead.
 */
export class Stream<T> {
  readonly changed = new WaitQueue();
  closed = false;
  private items: T[] = [];
  private head = 0;
  private handler: ((item: T) => void) | undefined;
  private readonly onClose: (() => void) | undefined;

  constructor(onClose?: () => void) {
    this.onClose = onClose;
  }

  push(item: T): void {
    if (this.closed) return;
    if (this.handler) this.handler(item);
    else {
      this.items.push(item);
      this.changed.wake();
    }
  }

  /** The next item, or undefined if none is there now; then `closed` tells whether one may still come. */
  take(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.items[this.head++] = undefined as T;
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    }
    return item;
  }

  /** True when nothing is left and nothing will come. */
  get ended(): boolean {
    return this.closed && this.head === this.items.length;
  }

  /** Hands every item, those already there first, to `handler` as soon as it comes. */
  each(handler: (item: T) => void): void {
    for (let item = this.take(); item !== undefined; item = this.take()) handler(item);
    this.handler = handler;
  }

  /** Ends the stream, from either side. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose?.();
    this.changed.wake();
  }
}
