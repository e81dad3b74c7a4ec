import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail } from "../define.ts";
import type { Input } from "../shared/input.ts";
import { Output } from "../shared/output.ts";
import type { Script } from "./ast.ts";

/** The files that r, R, w and W read and write. */
export class SideFiles {
  private readonly call: Call;
  private readonly separator: string;
  private readonly files = new Map<string, Output>();
  private readonly readers = new Map<string, Input | undefined>();

  constructor(call: Call, separator: string) {
    this.call = call;
    this.separator = separator;
  }

  /** r: hands on a whole file, piece by piece. */
  *copyFile(name: string, put: (text: string) => Task): Task {
    try {
      const input = this.call.open(name === "/dev/stdin" ? "-" : name);
      for (let text = yield* input.chunk(); text !== undefined; text = yield* input.chunk()) yield* put(text);
      input.close();
    } catch (error) {
      // A file that cannot be read counts as empty.
      if (!(error instanceof Errno)) throw error;
    }
  }

  /** R: the next line of a file, if it has one more. */
  *copyLine(name: string): Task<string | undefined> {
    if (!this.readers.has(name)) {
      const exists = this.call.files.find(this.call.path(name), this.call.who) !== undefined;
      this.readers.set(name, exists ? this.call.open(name) : undefined);
    }
    const reader = this.readers.get(name);
    return reader ? yield* reader.line() : undefined;
  }

  /** w: a line, written at once. */
  *write(name: string, text: string): Task {
    if (name === "/dev/stdout") {
      this.call.out.put(text + this.separator);
      return;
    }
    const file = this.files.get(name) ?? this.openToWrite(name);
    file.put(text + this.separator);
    yield* file.flush();
  }

  private openToWrite(name: string): Output {
    try {
      const fd =
        name === "/dev/stderr" ? 2 : openFd(this.call.proc, name, { write: true, create: true, truncate: true });
      const file = new Output(this.call.proc, fd);
      this.files.set(name, file);
      return file;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`couldn't open file ${name}: ${error.message}`, 4);
    }
  }

  /** GNU sed makes the files of w before it reads a line. */
  open(script: Script): void {
    for (const { name, text, substitution } of script.commands) {
      const file = substitution?.file ?? ("wW".includes(name) ? text : undefined);
      if (file !== undefined && file !== "/dev/stdout" && !this.files.has(file)) this.openToWrite(file);
    }
  }

  *flush(): Task {
    for (const file of this.files.values()) yield* file.flush();
  }
}
