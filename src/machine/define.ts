import type { Micros } from "../base/clock.ts";
import { ExpectedError } from "../base/expected-error.ts";
import type { WaitQueue } from "../base/wait-queue.ts";
import type { Process } from "./process.ts";
import type { Terminal } from "./terminal.ts";

/** What a process yields to its kernel: wait until one of `on` wakes or `until` has come; or (undefined) end of a slice. */
export interface Wait {
  on: readonly WaitQueue[];
  until?: Micros | undefined;
}
export type Syscall = Wait | undefined;
/** Why a wait ended. "interrupted": a signal came for which the process has a handler. */
export type Wake = "ready" | "timeout" | "interrupted";

/** A generator over system calls that ends with a value; a whole process ends with its exit status. */
export type Task<T = void> = Generator<Syscall, T, Wake>;

/** What one can type: a generator over its process. `argv` is without the program's own name. Returns the exit status. */
export interface Program {
  readonly name: string;
  /** Other names it is installed under, e.g. egrep. */
  readonly also?: readonly string[];
  /** Where its file lies; /usr/bin where nothing is said. */
  readonly folder?: string;
  run(proc: Process, argv: readonly string[]): Task<number>;
  /** What runs under this name where it is busybox' own. */
  readonly busybox?: (proc: Process, argv: readonly string[]) => Task<number>;
  /** What may stand at the cursor: `words` is the line so far, the last one being completed. */
  complete?(proc: Process, words: readonly string[]): Task<Candidates>;
}

/** What may stand at the cursor of a command line. */
export interface Candidates {
  readonly words: readonly string[];
  /** A few words about some of them. */
  readonly about?: ReadonlyMap<string, string>;
  /** More is to follow without a blank. */
  readonly noSpace?: boolean;
  /** File names may stand there where no word does; only those with these extensions where some are given. */
  readonly files?: true | readonly string[];
}

export type ProgramTable = ReadonlyMap<string, Program>;

/** Who a process is, as the kernel sees it. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** What it may do beyond its files; root has all where nothing is said, others none. */
  readonly capabilities?: ReadonlySet<string> | undefined;
}

export type Signal =
  | "HUP"
  | "INT"
  | "QUIT"
  | "KILL"
  | "USR1"
  | "USR2"
  | "PIPE"
  | "ALRM"
  | "TERM"
  | "CHLD"
  | "CONT"
  | "STOP"
  | "TSTP"
  | "TTIN"
  | "TTOU"
  | "WINCH";

/** Linux' numbers (signal(7), x86-64). */
export const signalNumbers: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  WINCH: 28,
};

/** What does nothing, and what stops, where a process has not said otherwise (signal(7)); all else ends it. */
export const ignoredByDefault: ReadonlySet<Signal> = new Set<Signal>(["CHLD", "WINCH", "CONT"]);
export const stopsByDefault: ReadonlySet<Signal> = new Set<Signal>(["STOP", "TSTP", "TTIN", "TTOU"]);

/** An open file: what a file descriptor points to. Shared by those who inherit it; closed when the last one closes. */
export interface OpenFile {
  readonly kind: "file" | "directory" | "pipe" | "terminal" | "device" | "socket";
  /** The path it was opened by, where it has one. */
  readonly path?: string;
  readonly terminal?: Terminal;
  /** Up to `max` characters; undefined at the end of the file; a queue to wait on when nothing is there yet. */
  read?(max: number): string | undefined | WaitQueue;
  /** How many characters were taken; a queue to wait on when there is no room. Throws Errno("EPIPE") with no reader. */
  write?(text: string): number | WaitQueue;
  /** Called when the last descriptor is closed. */
  close?(): void;
  /** How many descriptors point to it; the process table counts. */
  refs: number;
}

/** Linux' error names that the simulation uses, with strerror(3)'s words. */
export const errnoWords = {
  EPERM: "Operation not permitted",
  ENOENT: "No such file or directory",
  ESRCH: "No such process",
  EINTR: "Interrupted system call",
  EIO: "Input/output error",
  ENXIO: "No such device or address",
  E2BIG: "Argument list too long",
  ENOEXEC: "Exec format error",
  EBADF: "Bad file descriptor",
  ECHILD: "No child processes",
  EAGAIN: "Resource temporarily unavailable",
  ENOMEM: "Cannot allocate memory",
  EACCES: "Permission denied",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EXDEV: "Invalid cross-device link",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EINVAL: "Invalid argument",
  ENOTTY: "Inappropriate ioctl for device",
  ETXTBSY: "Text file busy",
  EFBIG: "File too large",
  ENOSPC: "No space left on device",
  EROFS: "Read-only file system",
  EMLINK: "Too many links",
  EPIPE: "Broken pipe",
  ENAMETOOLONG: "File name too long",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Too many levels of symbolic links",
  EADDRINUSE: "Address already in use",
  ECONNREFUSED: "Connection refused",
  EHOSTUNREACH: "No route to host",
  ENETUNREACH: "Network is unreachable",
  ETIMEDOUT: "Connection timed out",
  ECONNRESET: "Connection reset by peer",
} as const;

export type ErrnoCode = keyof typeof errnoWords;

/** A system call that failed, as Linux names it. `path` is the file it was about. */
export class Errno extends ExpectedError {
  readonly code: ErrnoCode;
  readonly path: string | undefined;

  constructor(code: ErrnoCode, path?: string) {
    super(errnoWords[code]);
    this.code = code;
    this.path = path;
  }
}

/** Thrown inside a process to end it from any depth: exit(2), or death by a signal. */
export class Exit extends Error {
  readonly status: number;
  readonly signal: Signal | undefined;

  constructor(status: number, signal?: Signal) {
    super(`exit ${status}`);
    this.status = status;
    this.signal = signal;
  }
}

/** Thrown out of a wait when a signal came for which the process has a handler (EINTR). */
export class Interrupted extends Error {}
