import { Errno, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Fail } from "./fail.ts";

/** How much text is gathered before it is written, in characters. */
const FULL = 16_384;

/** A buffered descriptor to write to, as stdio keeps it; it is flushed whenever its program waits for input. */
export class Output {
  private readonly proc: Process;
  private readonly fd: number;
  /** The words before the reason when a write fails. */
  private readonly what: string;
  private parts: string[] = [];
  private size = 0;

  constructor(proc: Process, fd: number, what = "write error") {
    this.proc = proc;
    this.fd = fd;
    this.what = what;
  }

  put(text: string): void {
    if (text === "") return;
    this.parts.push(text);
    this.size += text.length;
  }

  /** Whether it is time to flush. */
  get full(): boolean {
    return this.size >= FULL;
  }

  *flush(): Task {
    if (this.size === 0) return;
    const text = this.parts.length === 1 ? (this.parts[0] ?? "") : this.parts.join("");
    this.parts = [];
    this.size = 0;
    try {
      yield* this.proc.write(this.fd, text);
    } catch (error) {
      if (error instanceof Errno) throw new Fail(`${this.what}: ${error.message}`);
      throw error;
    }
  }
}
