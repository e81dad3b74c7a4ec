import type { Task } from "../../../machine/define.ts";
import { heldBy, hold } from "../../../machine/memory.ts";
import type { Process } from "../../../machine/process.ts";
import { Fail } from "./fail.ts";
import type { Output } from "./output.ts";

/** The longest line, in characters: beyond it a program says what malloc(3) would make it say. */
export const LINE_LIMIT = 1 << 23;
/** From which length on a line counts as memory of its program. */
const NOTICED = 1 << 20;
/** More than any host here has. */
const ADDRESSABLE = 2 ** 33;

/** Reads a descriptor line by line, as soon as each line is there. */
export class Input {
  private readonly proc: Process;
  private readonly fd: number;
  private readonly out: Output | undefined;
  private readonly separator: string;
  private text = "";
  private at = 0;
  private pending: string[] = [];
  private pendingSize = 0;
  private ended = false;
  /** Whether the line last returned ended with the separator. */
  terminated = true;

  /** `out` is flushed before a read, so that what was made of earlier lines is seen. */
  constructor(proc: Process, fd: number, out?: Output, separator = "\n") {
    this.proc = proc;
    this.fd = fd;
    this.out = out;
    this.separator = separator;
  }

  /** The next line without its separator; undefined at the end. */
  *line(): Task<string | undefined> {
    if (this.proc.tick()) yield undefined;
    if (this.out?.full) yield* this.out.flush();
    for (;;) {
      const end = this.text.indexOf(this.separator, this.at);
      if (end >= 0) {
        const line = this.text.slice(this.at, end);
        this.at = end + 1;
        this.terminated = true;
        return this.pendingSize === 0 ? line : this.takePending(line);
      }
      if (!(yield* this.fill())) return this.lastLine();
    }
  }

  /** What is there of the stream, lines or not: the rest of the buffer or the next chunk; undefined at the end. */
  *chunk(max?: number): Task<string | undefined> {
    if (this.at < this.text.length || this.pendingSize > 0) {
      const rest = this.takePending(this.text.slice(this.at));
      this.at = this.text.length;
      return rest;
    }
    if (this.ended) return undefined;
    return yield* this.read(max);
  }

  /** Everything until the end. */
  *rest(): Task<string> {
    const parts: string[] = [];
    let size = 0;
    for (let chunk = yield* this.chunk(); chunk !== undefined; chunk = yield* this.chunk()) {
      parts.push(chunk);
      size += chunk.length;
      if (size > 4 * LINE_LIMIT) throw new Fail("memory exhausted");
    }
    return parts.join("");
  }

  close(): void {
    if (this.fd > 2) this.proc.close(this.fd);
  }

  private lastLine(): string | undefined {
    if (this.pendingSize === 0) return undefined;
    this.terminated = false;
    return this.takePending("");
  }

  private *fill(): Task<boolean> {
    if (this.at < this.text.length) {
      const left = this.at === 0 ? this.text : this.text.slice(this.at);
      this.pending.push(left);
      this.pendingSize += left.length;
      if (this.pendingSize > NOTICED) hold(this.proc, this.pendingSize);
      if (this.pendingSize > LINE_LIMIT) yield* this.swallow();
    }
    this.text = "";
    this.at = 0;
    if (this.ended) return false;
    const chunk = yield* this.read();
    if (chunk === undefined) {
      this.ended = true;
      return false;
    }
    this.text = chunk;
    return true;
  }

  /** A line without an end takes memory until there is none left; nobody will ever see its text. */
  private *swallow(): Task {
    const { machine } = this.proc;
    // Where nobody looks after the memory, malloc(3) fails.
    const most = (machine.onGrowth ?? machine.host?.onGrowth) ? ADDRESSABLE : 0;
    for (let size = this.pendingSize; size < most; ) {
      const chunk = yield* this.read();
      if (chunk === undefined) break;
      size += chunk.length;
      hold(this.proc, Math.max(size, heldBy(this.proc)));
    }
    throw new Fail("memory exhausted");
  }

  /** What is done with a chunk takes time by its length. */
  private *read(max?: number): Task<string | undefined> {
    if (this.out) yield* this.out.flush();
    const chunk = yield* this.proc.read(this.fd, max);
    if (chunk !== undefined && chunk.length > 256) yield* this.proc.step(chunk.length >> 6);
    return chunk;
  }

  private takePending(last: string): string {
    if (this.pendingSize === 0) return last;
    this.pending.push(last);
    const whole = this.pending.join("");
    this.pending = [];
    if (this.pendingSize > NOTICED) hold(this.proc, 0);
    this.pendingSize = 0;
    return whole;
  }
}
