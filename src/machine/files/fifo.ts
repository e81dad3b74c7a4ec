import { WaitQueue } from "../../base/wait-queue.ts";
import { Errno, type OpenFile } from "../define.ts";
import { wholeCharacters } from "../pipe.ts";

const CAPACITY = 65_536;

/** A named pipe (mkfifo). Where Linux makes open(2) wait for the other end, here the first read or write waits. */
export class Fifo {
  private chunks: string[] = [];
  private size = 0;
  private readers = 0;
  private writers = 0;
  /** Openings for writing so far. */
  private writersEver = 0;
  private readonly changed = new WaitQueue();

  open(path: string, read: boolean, write: boolean): OpenFile {
    const seen = this.writersEver - this.writers;
    if (read) this.readers++;
    if (write) {
      this.writers++;
      this.writersEver++;
    }
    this.changed.wake();
    let metReader = read;
    const file: OpenFile = { kind: "pipe", path, refs: 0, close: () => this.left(read, write) };
    if (read) file.read = (max) => this.take(max, seen);
    if (write)
      file.write = (text) => {
        if (this.readers > 0) metReader = true;
        else if (metReader) throw new Errno("EPIPE");
        else return this.changed;
        return this.put(text);
      };
    return file;
  }

  private take(max: number, seen: number): string | undefined | WaitQueue {
    const chunk = this.chunks[0];
    if (chunk === undefined) return this.writers === 0 && this.writersEver > seen ? undefined : this.changed;
    const text = chunk.length <= max ? chunk : wholeCharacters(chunk, max);
    if (text.length === chunk.length) this.chunks.shift();
    else this.chunks[0] = chunk.slice(text.length);
    this.size -= text.length;
    this.changed.wake();
    return text;
  }

  private put(text: string): number | WaitQueue {
    if (this.size >= CAPACITY) return this.changed;
    const taken = text.length <= CAPACITY - this.size ? text : wholeCharacters(text, CAPACITY - this.size);
    this.chunks.push(taken);
    this.size += taken.length;
    this.changed.wake();
    return taken.length;
  }

  private left(read: boolean, write: boolean): void {
    if (read) this.readers--;
    if (write) this.writers--;
    if (this.readers + this.writers === 0) {
      this.chunks = [];
      this.size = 0;
    }
    this.changed.wake();
  }
}
