import { Errno, type Task } from "../../../machine/define.ts";
import { type Call, Fail } from "../define.ts";
import type { Input } from "../shared/input.ts";

interface Line {
  readonly text: string;
  readonly terminated: boolean;
}

/** The lines of several files as one stream, with one of look-ahead where $ must be known. */
export class SedInput {
  /** The file of the current line, for F. */
  name = "-";
  private readonly call: Call;
  private readonly names: readonly string[];
  private readonly separator: string;
  private next = 0;
  private input: Input | undefined;
  private ahead: Line | undefined;

  constructor(call: Call, names: readonly string[], separator: string) {
    this.call = call;
    this.names = names;
    this.separator = separator;
  }

  /** Opens the first file at once; false after a message. */
  openFirst(): boolean {
    const [name = "-"] = this.names;
    this.input = this.call.open(name, this.separator);
    this.name = name;
    this.next = 1;
    return true;
  }

  *line(): Task<Line | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead ?? (yield* this.read());
  }

  /** Whether the current line is the last of all. */
  *isLast(): Task<boolean> {
    this.ahead ??= yield* this.read();
    return this.ahead === undefined;
  }

  private *read(): Task<Line | undefined> {
    for (;;) {
      if (!this.input && !(yield* this.openNext())) return undefined;
      try {
        const text = yield* this.input?.line() ?? nothing();
        if (text !== undefined) return { text, terminated: this.input?.terminated ?? true };
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        throw new Fail(`read error on ${this.name}: ${error.message}`, 4);
      }
      this.input?.close();
      this.input = undefined;
    }
  }

  private *openNext(): Task<boolean> {
    while (this.next < this.names.length) {
      const name = this.names[this.next++] ?? "-";
      try {
        this.input = this.call.open(name, this.separator);
        this.name = name;
        return true;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* this.call.warn(`can't read ${name}: ${error.message}`, 2);
      }
    }
    return false;
  }
}

function* nothing(): Task<undefined> {
  return undefined;
}
