import type { WaitQueue } from "../base/wait-queue.ts";
import { Errno } from "./define.ts";
import { root } from "./define-files.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** What listens at a path: gone when its process ends, though the file may stay. */
export interface UnixListener {
  readonly proc: Process;
  /** The thing itself, for clients on the same machine. */
  readonly direct: object;
}

/** By the file itself (its queue is its own), so that a socket is found from every container that it is mounted into. */
const listeners = new WeakMap<WaitQueue, UnixListener>();

/** Binds a socket to a path and listens. Errno EADDRINUSE where something lies there. */
export function listenUnix(proc: Process, path: string, direct: object, mode = 0o755): void {
  const { files } = proc.machine;
  if (files.find(path, root)) throw new Errno("EADDRINUSE", path);
  files.mksocket(path, root, mode);
  listeners.set(files.watch(path), { proc, direct });
}

/** Connects to a path. Errno ENOENT where nothing lies there, ECONNREFUSED where nobody listens. */
export function connectUnix(machine: Machine, path: string): UnixListener {
  const stat = machine.files.stat(path, root);
  const listener = stat.kind === "socket" ? listeners.get(machine.files.watch(path)) : undefined;
  if (!listener || listener.proc.state === "ended") throw new Errno("ECONNREFUSED", path);
  return listener;
}
