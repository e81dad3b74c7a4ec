import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { Fail } from "../shared/fail.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import type { Patterns } from "./split.ts";

/** Reads records from a descriptor; RS may change between two of them. */
export class RecordReader {
  readonly fd: number;
  private readonly proc: Process;
  private readonly patterns: Patterns;
  private readonly beforeRead: () => Task;
  private text = "";
  private at = 0;
  private ended = false;

  /** `beforeRead` runs before each read, to show what was printed so far. */
  constructor(proc: Process, fd: number, patterns: Patterns, beforeRead: () => Task) {
    this.proc = proc;
    this.fd = fd;
    this.patterns = patterns;
    this.beforeRead = beforeRead;
  }

  /** The next record that `separator` ends; undefined at the end of the file. */
  *next(separator: string): Task<string | undefined> {
    if (separator === "") yield* this.skipNewlines();
    for (let searchFrom = this.at; ; ) {
      const found = this.find(separator, searchFrom);
      if (found) {
        const record = this.text.slice(this.at, found[0]);
        this.at = found[1];
        return record;
      }
      if (this.ended) return this.lastRecord(separator);
      // A separator of one character cannot begin in what was searched.
      const searched = this.text.length - this.at;
      yield* this.fill();
      searchFrom = separator.length === 1 ? searched : 0;
    }
  }

  close(): void {
    if (this.fd > 2) this.proc.close(this.fd);
  }

  private *fill(): Task {
    if (this.text.length - this.at > LINE_LIMIT) throw new Fail("out of memory", 2);
    yield* this.beforeRead();
    const chunk = yield* this.proc.read(this.fd);
    if (chunk === undefined) this.ended = true;
    else if (chunk.length > 256) yield* this.proc.step(chunk.length >> 6);
    this.text = this.text.slice(this.at) + (chunk ?? "");
    this.at = 0;
  }

  private *skipNewlines(): Task {
    for (;;) {
      while (this.text[this.at] === "\n") this.at++;
      if (this.at < this.text.length || this.ended) return;
      yield* this.fill();
    }
  }

  private find(separator: string, from: number): [number, number] | undefined {
    if (separator === "") return this.findBlankLine();
    if (separator.length === 1) {
      const at = this.text.indexOf(separator, from);
      return at < 0 ? undefined : [at, at + 1];
    }
    const found = this.patterns(separator).exec(this.text, this.at);
    if (!found) return undefined;
    const [start = 0, end = 0] = found;
    // A match that touches the end could grow with what comes.
    return end === start || (end === this.text.length && !this.ended) ? undefined : [start, end];
  }

  private findBlankLine(): [number, number] | undefined {
    const start = this.text.indexOf("\n\n", this.at);
    if (start < 0) return undefined;
    let end = start + 2;
    while (this.text[end] === "\n") end++;
    return [start, end];
  }

  private lastRecord(separator: string): string | undefined {
    if (this.at >= this.text.length) return undefined;
    let record = this.text.slice(this.at);
    if (separator === "" && record.endsWith("\n")) record = record.slice(0, -1);
    this.at = this.text.length;
    return record;
  }
}
