import type { Task } from "../../../machine/define.ts";
import type { Output } from "../shared/output.ts";

/** What sed prints: a last line without a newline stays so, unless something follows it. */
export class Printed {
  private readonly out: Output;
  private readonly separator: string;
  private owesNewline = false;

  constructor(out: Output, separator: string) {
    this.out = out;
    this.separator = separator;
  }

  print(text: string, terminated: boolean): void {
    this.put(terminated ? text + this.separator : text);
    this.owesNewline = !terminated;
  }

  put(text: string): void {
    if (this.owesNewline) this.out.put(this.separator);
    this.owesNewline = false;
    this.out.put(text);
  }

  /** Writes when much has gathered. */
  *settle(): Task {
    if (this.out.full) yield* this.out.flush();
  }
}
