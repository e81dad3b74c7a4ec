import { Errno, type Task } from "../../machine/define.ts";
import { openFd } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";

/** The text of a file; undefined where it cannot be read. */
export function* readFile(proc: Process, name: string): Task<string | undefined> {
  let fd: number;
  try {
    fd = openFd(proc, name, { read: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return undefined;
  }
  const text = yield* proc.readAll(fd);
  proc.close(fd);
  return text;
}
