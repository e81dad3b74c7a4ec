import type { Micros } from "../base/clock.ts";
import { Errno, type Program, type ProgramTable } from "./define.ts";
import type { Files } from "./define-files.ts";
import type { Listener, Network, NetworkNamespace } from "./define-network.ts";
import type { Kernel } from "./kernel.ts";
import { Process, type SpawnOptions } from "./process.ts";

/** What a host is made of when it is switched on. */
export interface MachineOptions {
  kernel: Kernel;
  name: string;
  /** Its files, or what makes them when somebody looks (most containers are never looked into). */
  files: Files | (() => Files);
  /** Where its files are not made yet: other files that hold the same at this path, if there are any. */
  preview?: (path: string) => Files | undefined;
  programs: ProgramTable;
  network: Network;
  /** Its own addresses, or the network namespace it shares (containers of a pod, host network). */
  net: NetworkNamespace | readonly string[];
  /** The node a container runs on. */
  host?: Machine;
  /** The first pid given out; 1 in a container. */
  firstPid?: number;
  /** Whose process namespace a container shares, instead of having its own. */
  pids?: Machine | undefined;
  /** Where the host is the real machine: what runs one of its own executable files. */
  native?: (path: string) => Program;
}

/** As /proc/sys/kernel/threads-max and a user's `ulimit -u` together would; enough for any lesson, too little for a fork bomb. */
const PROCESS_LIMIT = 1024;

/** A simulated Linux host, or a container on one: files, processes, ports. What runs on it decides what it is. */
export class Machine {
  readonly kernel: Kernel;
  name: string;
  readonly programs: ProgramTable;
  readonly network: Network;
  readonly net: NetworkNamespace;
  /** The node a container runs on; undefined for a host. */
  readonly host: Machine | undefined;
  /** The machine whose process namespace this container shares; undefined where it has its own. */
  readonly pids: Machine | undefined;
  readonly native: ((path: string) => Program) | undefined;
  readonly processes = new Map<number, Process>();
  /** The processes of containers on this host, by the pids that the host knows them by. */
  readonly guests = new Map<number, Process>();
  /** How long its processes have computed, in microseconds: what a core was busy with. */
  computed: Micros = 0;
  /** The part of a core that a process may have (a container's CPU limit below one core): the rest of the time it waits. */
  share = 1;
  /** What other parts keep with a host: its units, its container runtime. Keyed by the part's own name. */
  readonly parts = new Map<string, unknown>();
  /** Called for an error in a program that is no system error: a fault of the simulator. */
  onCrash: (proc: Process, error: unknown) => void = (_proc, error) => {
    throw error;
  };
  /** Called when one of its processes holds more memory than before: whoever limits it ends what is too much. */
  onGrowth: ((proc: Process | undefined) => void) | undefined;
  private nextPid: number;
  private tree: Files | (() => Files);
  private readonly preview: ((path: string) => Files | undefined) | undefined;

  constructor(options: MachineOptions) {
    this.kernel = options.kernel;
    this.name = options.name;
    this.tree = options.files;
    this.preview = options.preview;
    this.programs = options.programs;
    this.network = options.network;
    this.net = Array.isArray(options.net)
      ? { addresses: options.net, listeners: [] }
      : (options.net as NetworkNamespace);
    this.host = options.host;
    this.pids = options.pids;
    this.native = options.native;
    this.nextPid = options.firstPid ?? 300;
  }

  get files(): Files {
    if (typeof this.tree === "function") this.tree = this.tree();
    return this.tree;
  }

  /** Its files, if they were made already. */
  get madeFiles(): Files | undefined {
    return typeof this.tree === "function" ? undefined : this.tree;
  }

  /** Files in which this path may be read as in `files`, without having them made for it. Nothing may be written there. */
  filesAt(path: string): Files {
    return (typeof this.tree === "function" ? this.preview?.(path) : undefined) ?? this.files;
  }

  /** Whether nobody has looked into its files yet, so that the path is as whoever made it has it: root may write there. */
  untouched(path: string): boolean {
    return typeof this.tree === "function" && this.preview?.(path) !== undefined;
  }

  /** Counts what a process has computed. Gives the time at which it is done. */
  compute(spent: Micros): Micros {
    this.computed += spent;
    return this.kernel.clock.now + Math.ceil(spent / this.share);
  }

  /** Starts a process. Errno EAGAIN when the host has too many. */
  start(options: SpawnOptions, parent?: Process): Process {
    if (this.processes.size >= PROCESS_LIMIT) throw new Errno("EAGAIN");
    const { pids } = this;
    const proc = new Process(this, pids ? pids.nextPid++ : (options.pid ?? this.nextPid++), parent, options);
    this.processes.set(proc.pid, proc);
    pids?.guests.set(proc.pid, proc);
    if (this.host && this.host !== pids) this.host.guests.set(this.host.nextPid++, proc);
    proc.terminal?.joined(proc);
    return proc;
  }

  /** Opens a port for a process. Errno EADDRINUSE when it is taken. */
  listen(listener: Listener): void {
    const { listeners } = this.net;
    const taken = listeners.some(
      (other) =>
        other.port === listener.port &&
        other.protocol === listener.protocol &&
        (other.address === listener.address || other.address === "0.0.0.0" || listener.address === "0.0.0.0"),
    );
    if (taken) throw new Errno("EADDRINUSE");
    listeners.push(listener);
  }

  /** The process table's end of a process: its ports close, its children go to the host's first process. */
  ended(proc: Process): void {
    this.processes.delete(proc.pid);
    this.pids?.guests.delete(proc.pid);
    for (const [pid, guest] of this.host?.guests ?? []) if (guest === proc) this.host?.guests.delete(pid);
    proc.terminal?.left(proc);
    const { listeners } = this.net;
    for (let i = listeners.length - 1; i >= 0; i--) if (listeners[i]?.proc === proc) listeners.splice(i, 1);
    const init = proc.pid === 1 ? undefined : this.processes.get(1);
    if (proc.parent === init) init?.children.delete(proc);
    for (const child of proc.children) {
      child.parent = init;
      if (child.state !== "ended") init?.children.add(child);
    }
    proc.children.clear();
  }

  crashed(proc: Process, error: unknown): void {
    this.onCrash(proc, error);
  }
}
