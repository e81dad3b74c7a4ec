import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";

/** One of a command's output streams: text is kept until the command waits or ends, in order with the other stream. */
export interface Writer {
  write(text: string): void;
  line(text: string): void;
}

/** What a command prints, in order over both streams. */
export class Output {
  readonly out: Writer;
  readonly err: Writer;
  private readonly proc: Process;
  private parts: { fd: number; text: string }[] = [];

  constructor(proc: Process) {
    this.proc = proc;
    this.out = this.writer(1);
    this.err = this.writer(2);
  }

  private writer(fd: number): Writer {
    const write = (text: string) => {
      const last = this.parts.at(-1);
      if (last?.fd === fd) last.text += text;
      else if (text !== "") this.parts.push({ fd, text });
    };
    return { write, line: (text) => write(`${text}\n`) };
  }

  /** Writes what was kept. To be done before every wait. */
  *flush(): Task {
    if (this.parts.length === 0) return;
    const parts = this.parts;
    this.parts = [];
    for (const { fd, text } of parts) yield* this.proc.write(fd, text);
  }
}
