import { WaitQueue } from "../base/wait-queue.ts";
import { Errno, Exit, type OpenFile, type Signal, signalNumbers, type Task, type Wait } from "./define.ts";
import type { Terminal } from "./terminal.ts";

/** A process' descriptors, and the system calls on them. */
export abstract class OpenFiles {
  readonly fds = new Map<number, OpenFile>();

  abstract tick(): boolean;
  abstract wait(wait: Wait): Task<"ready" | "timeout">;
  abstract handlerOf(signal: Signal): unknown;
  /** Stops a background job that reads from its terminal (SIGTTIN) until it is in the foreground. */
  protected abstract awaitForeground(terminal: Terminal): Task;

  /** Makes `fd` point to `file`, closing what it pointed to. */
  attach(fd: number, file: OpenFile): void {
    file.refs++;
    this.close(fd);
    this.fds.set(fd, file);
  }

  close(fd: number): void {
    const file = this.fds.get(fd);
    if (!file) return;
    this.fds.delete(fd);
    if (--file.refs === 0) file.close?.();
  }

  fd(fd: number): OpenFile {
    const file = this.fds.get(fd);
    if (!file) throw new Errno("EBADF");
    return file;
  }

  isTerminal(fd: number): boolean {
    return this.fds.get(fd)?.kind === "terminal";
  }

  /** Text from a descriptor as soon as there is some, at most `max` characters; undefined at the end. */
  *read(fd = 0, max = 65_536): Task<string | undefined> {
    for (;;) {
      if (this.tick()) yield undefined;
      const file = this.fd(fd);
      if (!file.read) throw new Errno(file.kind === "directory" ? "EISDIR" : "EBADF");
      if (file.terminal) yield* this.awaitForeground(file.terminal);
      const got = file.read(max);
      if (!(got instanceof WaitQueue)) return got;
      yield* this.wait({ on: [got] });
    }
  }

  /** All text until the end. */
  *readAll(fd = 0): Task<string> {
    const parts: string[] = [];
    for (;;) {
      const text = yield* this.read(fd);
      if (text === undefined) return parts.join("");
      parts.push(text);
    }
  }

  /** Writes all of `text`, waiting for room; a pipe without a reader ends the process by SIGPIPE unless that is handled. */
  *write(fd: number, text: string): Task {
    let rest = text;
    while (rest !== "") {
      if (this.tick()) yield undefined;
      const file = this.fd(fd);
      if (!file.write) throw new Errno("EBADF");
      const taken = this.writeSome(file, rest);
      if (taken instanceof WaitQueue) yield* this.wait({ on: [taken] });
      else rest = taken === rest.length ? "" : rest.slice(taken);
    }
  }

  private writeSome(file: OpenFile, text: string): number | WaitQueue {
    try {
      return file.write?.(text) ?? 0;
    } catch (error) {
      if (error instanceof Errno && error.code === "EPIPE" && this.handlerOf("PIPE") === "default")
        throw new Exit(128 + signalNumbers.PIPE, "PIPE");
      throw error;
    }
  }
}
