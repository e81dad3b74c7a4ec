import { type ChildProcess, spawn } from "node:child_process";
import { bytesOf } from "../../base/text-bytes.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { Errno, type Program, type Signal, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { CharacterDecoder } from "./character-decoder.ts";
import type { StandardStreams } from "./standard-streams.ts";

const signals = ["HUP", "INT", "QUIT", "TERM"] as const;

/**
 * A real program of the machine, run as the body of a simulated process: an editor, a plugin, diff. Where the process
 * has this process' own streams the program gets them as they are; others are carried.
 */
export function nativeProgram(path: string, streams: StandardStreams, notify: () => void): Program {
  return {
    name: path,
    *run(proc, argv) {
      const run = new NativeRun(proc, streams, notify);
      return yield* run.whole(path, argv);
    },
  };
}

class NativeRun {
  private readonly proc: Process;
  private readonly streams: StandardStreams;
  private readonly notify: () => void;
  private readonly changed = new WaitQueue();
  private printed: { readonly fd: number; readonly text: string }[] = [];
  private ended: { readonly status: number } | { readonly failed: string } | undefined;

  constructor(proc: Process, streams: StandardStreams, notify: () => void) {
    this.proc = proc;
    this.streams = streams;
    this.notify = notify;
  }

  *whole(path: string, argv: readonly string[]): Task<number> {
    const { proc } = this;
    const input = this.isOwn(0) ? undefined : yield* this.inputText();
    this.streams.pause();
    const child = this.start(path, argv, input);
    // The terminal sends its signals to the real program itself.
    for (const signal of signals) proc.on(signal, () => child.kill(`SIG${signal}`));
    if (proc.terminal) for (const signal of ["INT", "QUIT"] as Signal[]) proc.on(signal, "ignore");
    try {
      for (;;) {
        const parts = this.printed;
        this.printed = [];
        for (const { fd, text } of parts) yield* proc.write(fd, text);
        if (this.printed.length > 0) continue;
        if (this.ended) break;
        yield* proc.wait({ on: [this.changed] });
      }
    } finally {
      if (!this.ended) child.kill();
      this.streams.resume();
    }
    if ("failed" in this.ended) throw new Errno(this.ended.failed === "EACCES" ? "EACCES" : "ENOENT", path);
    return this.ended.status;
  }

  private start(path: string, argv: readonly string[], input: string | undefined): ChildProcess {
    const { proc } = this;
    const stdio = [0, 1, 2].map((fd) => (this.isOwn(fd) ? ("inherit" as const) : ("pipe" as const)));
    const child = spawn(path, argv, { cwd: proc.cwd, env: Object.fromEntries(proc.env), stdio });
    child.stdin?.on("error", () => {});
    if (input !== undefined) child.stdin?.end(bytesOf(input));
    for (const [fd, stream] of [
      [1, child.stdout],
      [2, child.stderr],
    ] as const) {
      const decoder = new CharacterDecoder();
      stream?.on("data", (bytes: Buffer) => this.take(fd, decoder.push(bytes)));
      stream?.on("end", () => this.take(fd, decoder.end()));
    }
    child.on("error", (error: NodeJS.ErrnoException) => this.end({ failed: error.code ?? "" }));
    child.on("close", (code, signal) => this.end({ status: code ?? (signal === "SIGINT" ? 130 : 143) }));
    return child;
  }

  private take(fd: number, text: string): void {
    if (text !== "") this.printed.push({ fd, text });
    this.changed.wake();
    this.notify();
  }

  private end(how: { readonly status: number } | { readonly failed: string }): void {
    this.ended ??= how;
    this.changed.wake();
    this.notify();
  }

  /** Whether a descriptor is this very process' own of that number. */
  private isOwn(fd: number): boolean {
    return this.proc.fds.get(fd) !== undefined && this.proc.fds.get(fd) === this.streams.fds.get(fd);
  }

  private *inputText(): Task<string> {
    return this.proc.fds.get(0) ? yield* this.proc.readAll(0) : "";
  }
}
