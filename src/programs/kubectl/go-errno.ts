import type { Errno } from "../../machine/define.ts";

/** A system error as Go's os package words it: open nope.yaml: no such file or directory */
export function goErrno(call: string, path: string, error: Errno): string {
  return `${call} ${path}: ${error.message.toLowerCase()}`;
}
