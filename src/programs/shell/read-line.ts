import { WaitQueue } from "../../base/wait-queue.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { Problem } from "./problem.ts";
import type { Shell } from "./shell.ts";

/** A line of more characters than this does not fit into a shell: 4 MiB. */
const LINE_LIMIT = 4 * 1024 * 1024;

export interface ReadLine {
  readonly text: string;
  /** Why reading stopped: the delimiter came, enough characters, the end of the file, the time. */
  readonly ended: boolean;
  readonly timedOut: boolean;
}

/**
 * Reads up to a delimiter and not one character further, so that what follows is left for others on the same
 * descriptor. A backslash keeps the delimiter behind it where `raw` is not set; both are kept in the text.
 */
export function* readLine(
  shell: Shell,
  fd: number,
  delimiter: string,
  options: { readonly raw?: boolean; readonly count?: number; readonly until?: number } = {},
): Task<ReadLine> {
  const { raw = true, count = Number.POSITIVE_INFINITY, until } = options;
  const { proc } = shell;
  let text = "";
  let length = 0;
  let escaped = false;
  for (let taken = 0; length < count; taken++) {
    if (proc.tick()) yield undefined;
    const file = proc.fd(fd);
    if (!file.read) throw new Errno(file.kind === "directory" ? "EISDIR" : "EBADF");
    const got = file.read(1);
    if (got instanceof WaitQueue) {
      const woken = yield* shell.wait({ on: [got], ...(until !== undefined && { until }) });
      if (woken === "timeout") return { text, ended: false, timedOut: true };
      continue;
    }
    if (got === undefined) return { text, ended: true, timedOut: false };
    if (got === delimiter && !escaped) return { text, ended: false, timedOut: false };
    if (taken > LINE_LIMIT) throw new Problem(`xrealloc: cannot allocate ${taken} bytes`, "shell");
    // A shell's variables hold no NUL.
    if (got === "\0") continue;
    text += got;
    // A backslash and what it protects count as one.
    if (raw || escaped || got !== "\\") length++;
    escaped = !raw && !escaped && got === "\\";
  }
  return { text, ended: false, timedOut: false };
}
