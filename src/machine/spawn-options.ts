import type { Credentials, OpenFile, Task } from "./define.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";
import type { Terminal } from "./terminal.ts";

/** What a new process inherits or is given. What is left out comes from the parent. */
export interface SpawnOptions {
  /** As ps shows it; the program's name first. */
  argv: readonly string[];
  body: (proc: Process) => Task<number>;
  /** The new process' descriptors; the parent's where left out. */
  fds?: ReadonlyMap<number, OpenFile>;
  env?: ReadonlyMap<string, string>;
  cwd?: string;
  credentials?: Credentials;
  /** The process group (job) it joins; "new" makes it the leader of its own. */
  group?: number | "new";
  /** The controlling terminal; undefined takes the parent's, null has none. */
  terminal?: Terminal | null;
  /** The host it runs on, where that is another than the parent's (sshd, the kubelet). */
  machine?: Machine;
  /** Its control group: the unit or session that it and its children belong to; the parent's where left out. */
  cgroup?: string;
  /** A certain pid: 1 for a host's init. */
  pid?: number;
}
