import { fstatSync, statSync, writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import { bytesOf } from "../../base/text-bytes.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { Errno, type OpenFile, signalNumbers } from "../../machine/define.ts";
import { wholeCharacters } from "../../machine/pipe.ts";
import { Terminal } from "../../machine/terminal.ts";
import { CharacterDecoder } from "./character-decoder.ts";

/** The descriptors 0 to 2 of this very process, as a simulated process reads and writes them. */
export class StandardStreams {
  /** The terminal that somebody sits at, where stdin is one. */
  readonly terminal: Terminal | undefined;
  readonly fds: ReadonlyMap<number, OpenFile>;
  private readonly arrived = new WaitQueue();
  private readonly notify: () => void;
  private read: string[] = [];
  private listening = false;
  private atEnd = false;

  /** `notify` is called when something happened that a process may wait for. */
  constructor(notify: () => void) {
    this.notify = notify;
    this.terminal = isTerminal(0) ? this.openTerminal() : undefined;
    this.fds = new Map([
      [0, this.input()],
      [1, this.output(1)],
      [2, this.output(2)],
    ]);
  }

  /** Leaves stdin to somebody else: a real program that is started on the same terminal. */
  pause(): void {
    if (this.listening) process.stdin.pause();
  }

  resume(): void {
    if (this.listening) process.stdin.resume();
  }

  /** Lets this process end. */
  close(): void {
    if (this.terminal) this.terminal.mode = "cooked";
    if (this.terminal) process.stdout.off("resize", this.resized);
    if (!this.listening) return;
    process.stdin.removeAllListeners("data").pause();
    // A pipe whose other end stays open would keep the process alive.
    process.stdin.unref?.();
  }

  private readonly resized = () => {
    this.terminal?.resize(process.stdout.columns ?? 80, process.stdout.rows ?? 24);
    this.notify();
  };

  private openTerminal(): Terminal {
    const terminal = new Terminal();
    terminal.columns = process.stdout.columns ?? 80;
    terminal.rows = process.stdout.rows ?? 24;
    terminal.onMode = (mode) => process.stdin.setRawMode(mode === "raw");
    process.stdout.on("resize", this.resized);
    return terminal;
  }

  private input(): OpenFile {
    const { terminal } = this;
    return {
      kind: terminal ? "terminal" : "pipe",
      ...(terminal ? { terminal } : {}),
      refs: 0,
      read: (max) => {
        this.listen();
        const text = this.read[0];
        if (text === undefined) return this.atEnd ? undefined : this.arrived;
        const part = text.length <= max ? text : wholeCharacters(text, max);
        if (part.length === text.length) this.read.shift();
        else this.read[0] = text.slice(part.length);
        return part;
      },
    };
  }

  /** Nothing is taken from stdin before somebody reads: what is not read stays for the next program. */
  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    const decoder = new CharacterDecoder();
    process.stdin.on("data", (bytes: Buffer) => this.take(decoder.push(bytes)));
    process.stdin.on("end", () => {
      this.take(decoder.end());
      this.atEnd = true;
      this.arrived.wake();
      this.notify();
    });
    process.stdin.on("error", () => process.stdin.emit("end"));
  }

  private take(text: string): void {
    if (text === "") return;
    this.read.push(text);
    this.arrived.wake();
    this.notify();
  }

  /** Written at once: making node's streams takes longer than most commands need in all. A slow reader is waited for. */
  private output(fd: 1 | 2): OpenFile {
    const drained = new WaitQueue();
    let stream: NodeJS.WriteStream | undefined;
    const slowly = (bytes: Uint8Array) => {
      stream ??= (fd === 1 ? process.stdout : process.stderr)
        .on("error", () => process.exit(128 + signalNumbers.PIPE))
        .on("drain", () => {
          drained.wake();
          this.notify();
        });
      stream.write(bytes);
    };
    return {
      kind: isTerminal(fd) ? "terminal" : "pipe",
      refs: 0,
      write: (text) => {
        if (stream?.writableNeedDrain) return drained;
        const rest = stream || process.platform === "win32" ? bytesOf(text) : writeNow(fd, bytesOf(text));
        if (rest.length > 0) slowly(rest);
        return text.length;
      },
    };
  }
}

/** Only a device can be a terminal, and /dev/null is none: that is known without loading what node knows of terminals. */
function isTerminal(fd: number): boolean {
  try {
    if (process.platform !== "win32") {
      const stat = fstatSync(fd);
      if (!stat.isCharacterDevice() || stat.rdev === statSync("/dev/null").rdev) return false;
    }
    return isatty(fd);
  } catch {
    return false;
  }
}

/** What could not be written because the reader is slow and the pipe does not block. Errno EPIPE where nobody reads. */
function writeNow(fd: number, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") throw new Errno("EPIPE");
    if (code !== "EAGAIN") throw error;
  }
  return rest;
}
