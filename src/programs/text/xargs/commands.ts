import { Errno, type Task } from "../../../machine/define.ts";
import { startCommand } from "../../../machine/exec.ts";
import { openPath } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { type Call, Fail } from "../define.ts";

/** The commands that xargs runs, so many at a time. */
export class Commands {
  status = 0;
  aborted = false;
  private readonly call: Call;
  private readonly most: number;
  private readonly running = new Set<Process>();

  constructor(call: Call, most: number) {
    this.call = call;
    this.most = most === 0 ? Number.POSITIVE_INFINITY : most;
  }

  *start(argv: readonly string[]): Task {
    const { call } = this;
    yield* call.out.flush();
    yield* this.waitUntil(this.most - 1);
    if (this.aborted) return;
    const fds = new Map([0, 1, 2].flatMap((fd) => (call.proc.fds.has(fd) ? [[fd, call.proc.fd(fd)]] : [])));
    if (!call.has("o") && call.value("a") === undefined) fds.set(0, openPath(call.proc, "/dev/null", { read: true }));
    if (call.has("o")) fds.set(0, openPath(call.proc, "/dev/tty", { read: true }));
    try {
      this.running.add(startCommand(call.proc, argv, { fds }));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === "EAGAIN") throw new Fail(`cannot fork: ${error.message}`);
      throw new Fail(`${argv[0]}: ${error.message}`, error.code === "ENOENT" ? 127 : 126);
    }
    if (this.most === 1) yield* this.waitUntil(0);
  }

  *finish(): Task {
    yield* this.waitUntil(0);
  }

  /** Waits until at most so many are left. */
  private *waitUntil(left: number): Task {
    while (this.running.size > left) {
      const done = [...this.running].find((child) => child.state === "ended");
      if (done) {
        this.running.delete(done);
        this.call.proc.children.delete(done);
        yield* this.note(done);
      } else yield* this.call.proc.wait({ on: [...this.running].map((child) => child.changed) });
    }
  }

  private *note(child: Process): Task {
    const name = child.argv[0] ?? "";
    if (child.signalled) {
      yield* this.call.warn(`${name}: terminated by signal ${child.status - 128}`);
      this.abort(125);
    } else if (child.status === 255) {
      yield* this.call.warn(`${name}: exited with status 255; aborting`);
      this.abort(124);
    } else if (child.status !== 0 && this.status === 0) this.status = 123;
  }

  private abort(status: number): void {
    this.status = status;
    this.aborted = true;
  }
}
