import { Errno, type Task } from "../../../machine/define.ts";
import { startCommand } from "../../../machine/exec.ts";
import { openFd } from "../../../machine/open-path.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import { Fail } from "../shared/fail.ts";
import { Output } from "../shared/output.ts";
import { RecordReader } from "./record-reader.ts";
import type { Patterns } from "./split.ts";

interface Writer {
  readonly out: Output;
  readonly fd: number;
  readonly child?: Process;
}
interface Reader {
  readonly reader: RecordReader;
  readonly child?: Process;
}

/** The files and commands that an awk program has open. */
export class Streams {
  readonly out: Output;
  private readonly proc: Process;
  private readonly patterns: Patterns;
  private readonly writers = new Map<string, Writer>();
  private readonly readers = new Map<string, Reader>();

  constructor(proc: Process, out: Output, patterns: Patterns) {
    this.proc = proc;
    this.out = out;
    this.patterns = patterns;
  }

  *flush(): Task {
    yield* this.out.flush();
    for (const { out } of this.writers.values()) yield* out.flush();
  }

  /** The output that `print > name`, `>> name` or `| name` writes to. */
  writer(kind: ">" | ">>" | "|", name: string): Output {
    const known = this.writers.get(name);
    if (known) return known.out;
    const made = kind === "|" ? this.command(name) : this.file(name, kind === ">>");
    this.writers.set(name, made);
    return made.out;
  }

  private file(name: string, append: boolean): Writer {
    if (name === "/dev/stdout" || name === "-") return { out: this.out, fd: 1 };
    if (name === "/dev/stderr") return { out: new Output(this.proc, 2), fd: 2 };
    try {
      const fd = openFd(this.proc, name, { write: true, create: true, append, truncate: !append });
      return { out: new Output(this.proc, fd), fd };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`cannot open "${name}" for output (${error.message})`, 2);
    }
  }

  private command(name: string): Writer {
    const { reader, writer } = pipe();
    const child = this.shell(name, new Map([...this.inherited(), [0, reader]]));
    const fd = freeFd(this.proc);
    this.proc.attach(fd, writer);
    return { out: new Output(this.proc, fd), fd, child };
  }

  /** stdin, stdout and stderr; not the pipes to other commands, whose ends would never come. */
  private inherited(): [number, ReturnType<Process["fd"]>][] {
    return [0, 1, 2].flatMap((fd) => (this.proc.fds.has(fd) ? [[fd, this.proc.fd(fd)]] : []));
  }

  private shell(command: string, fds: ReadonlyMap<number, ReturnType<Process["fd"]>>): Process {
    try {
      return startCommand(this.proc, ["sh", "-c", command], { fds });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`cannot run "${command}" (${error.message})`, 2);
    }
  }

  /** Reads a record from a file; -1 where it cannot be opened. */
  *readFile(name: string, separator: string): Task<string | undefined | -1> {
    let known = this.readers.get(name);
    if (!known) {
      try {
        const fd = name === "-" || name === "/dev/stdin" ? 0 : openFd(this.proc, name, { read: true });
        known = { reader: this.recordsOf(fd) };
      } catch (error) {
        if (error instanceof Errno) return -1;
        throw error;
      }
      this.readers.set(name, known);
    }
    return yield* this.nextOf(known.reader, separator);
  }

  *readCommand(command: string, separator: string): Task<string | undefined | -1> {
    let known = this.readers.get(command);
    if (!known) {
      yield* this.flush();
      const { reader, writer } = pipe();
      const child = this.shell(command, new Map([...this.inherited(), [1, writer]]));
      const fd = freeFd(this.proc);
      this.proc.attach(fd, reader);
      known = { reader: this.recordsOf(fd), child };
      this.readers.set(command, known);
    }
    return yield* this.nextOf(known.reader, separator);
  }

  recordsOf(fd: number): RecordReader {
    return new RecordReader(this.proc, fd, this.patterns, () => this.flush());
  }

  private *nextOf(reader: RecordReader, separator: string): Task<string | undefined | -1> {
    try {
      return yield* reader.next(separator);
    } catch (error) {
      if (error instanceof Errno) return -1;
      throw error;
    }
  }

  /** close(): the status of a command, 0 for a file, -1 for what is not open. */
  *close(name: string): Task<number> {
    let status = -1;
    const writer = this.writers.get(name);
    if (writer) {
      this.writers.delete(name);
      yield* writer.out.flush();
      if (writer.fd > 2) this.proc.close(writer.fd);
      status = writer.child ? yield* this.proc.waitFor(writer.child) : 0;
    }
    const reader = this.readers.get(name);
    if (reader) {
      this.readers.delete(name);
      reader.reader.close();
      status = reader.child ? yield* this.proc.waitFor(reader.child) : 0;
    }
    return status;
  }

  *closeAll(): Task {
    yield* this.out.flush();
    for (const name of [...this.writers.keys()]) yield* this.close(name);
    for (const name of [...this.readers.keys()]) yield* this.close(name);
  }

  /** system(): everything printed so far is out before the command starts. */
  *system(command: string): Task<number> {
    yield* this.flush();
    const child = this.shell(command, new Map(this.inherited()));
    return yield* this.proc.waitFor(child);
  }
}

function freeFd(proc: Process): number {
  let fd = 3;
  while (proc.fds.has(fd)) fd++;
  return fd;
}
