import { Errno, errnoWords, Interrupted } from "./define.ts";
import type { Process } from "./process.ts";

/** Says a system error that a program let through on its stderr; false for anything else: a fault of the simulator. */
export function complainOf(proc: Process, error: unknown): boolean {
  const words = systemWords(error);
  if (words === undefined) return false;
  const name = proc.argv[0] ?? "";
  try {
    proc.fds.get(2)?.write?.(`${name.slice(name.lastIndexOf("/") + 1)}: ${words}\n`);
  } catch (unheard) {
    if (!(unheard instanceof Errno)) throw unheard;
  }
  return true;
}

/** What a system error says; running out of JavaScript's own stack or string length counts as out of memory. */
function systemWords(error: unknown): string | undefined {
  if (error instanceof Errno) return error.path === undefined ? error.message : `${error.path}: ${error.message}`;
  if (error instanceof Interrupted) return errnoWords.EINTR;
  return error instanceof RangeError ? errnoWords.ENOMEM : undefined;
}
