import { Errno, type OpenFile } from "../../../machine/define.ts";

/** Text that comes from outside for a process' stdin: what its pipe does not hold waits until there is room. */
export class Feed {
  private readonly writer: OpenFile;
  private waiting = "";
  private ends = false;
  private over = false;

  constructor(writer: OpenFile) {
    this.writer = writer;
    writer.refs++;
  }

  /** undefined is the end. */
  push(text: string | undefined): void {
    if (this.over || this.ends) return;
    if (text === undefined) this.ends = true;
    else this.waiting += text;
    this.pump();
  }

  private pump(): void {
    if (this.over) return;
    try {
      while (this.waiting !== "") {
        const taken = this.writer.write?.(this.waiting) ?? 0;
        if (typeof taken !== "number") {
          taken.add(() => this.pump());
          return;
        }
        this.waiting = this.waiting.slice(taken);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      // Nobody reads any more.
      this.over = true;
    }
    if (!this.ends) return;
    this.over = true;
    this.writer.close?.();
  }
}
