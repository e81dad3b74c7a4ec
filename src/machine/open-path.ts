import type { OpenFile } from "./define.ts";
import type { OpenFlags } from "./define-files.ts";
import type { Process } from "./process.ts";

/** The absolute path of what a process names; symbolic links and .. stay for the file system to resolve. */
export function pathOf(proc: Process, path: string): string {
  if (path.startsWith("/") || path === "") return path;
  return proc.cwd === "/" ? `/${path}` : `${proc.cwd}/${path}`;
}

/** open(2) of a process: relative to its cwd, as its user, with its umask; /dev/stdin and /dev/tty are its own. */
export function openPath(proc: Process, path: string, flags: OpenFlags): OpenFile {
  const mode = (flags.mode ?? 0o666) & ~proc.umask;
  return proc.machine.files.open(pathOf(proc, path), proc.credentials, { ...flags, mode, by: proc });
}

/** Opens a path under the lowest free descriptor from `from` on. Close it with `proc.close`. */
export function openFd(proc: Process, path: string, flags: OpenFlags, from = 3): number {
  let fd = from;
  while (proc.fds.has(fd)) fd++;
  proc.attach(fd, openPath(proc, path, flags));
  return fd;
}
