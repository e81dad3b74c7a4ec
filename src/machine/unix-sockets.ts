import { Errno } from "./define.ts";
import { root } from "./define-files.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

const PART = "unix-sockets";

/** What listens at a path: gone when its process ends, though the file may stay. */
export interface UnixListener {
  readonly proc: Process;
  /** The thing itself, for clients on the same machine. */
  readonly direct: object;
}

function listenersOf(machine: Machine): Map<string, UnixListener> {
  let listeners = machine.parts.get(PART) as Map<string, UnixListener> | undefined;
  if (!listeners) {
    listeners = new Map();
    machine.parts.set(PART, listeners);
  }
  return listeners;
}

/** Binds a socket to a path and listens. Errno EADDRINUSE where something lies there. */
export function listenUnix(proc: Process, path: string, direct: object, mode = 0o755): void {
  const { files } = proc.machine;
  if (files.find(path, root)) throw new Errno("EADDRINUSE", path);
  files.mksocket(path, root, mode);
  listenersOf(proc.machine).set(files.realpath(path, root), { proc, direct });
}

/** Connects to a path. Errno ENOENT where nothing lies there, ECONNREFUSED where nobody listens. */
export function connectUnix(machine: Machine, path: string): UnixListener {
  const stat = machine.files.stat(path, root);
  const listener = stat.kind === "socket" ? listenersOf(machine).get(machine.files.realpath(path, root)) : undefined;
  if (!listener || listener.proc.state === "ended") throw new Errno("ECONNREFUSED", path);
  return listener;
}
