import { Errno, type ProgramTable } from "./define.ts";
import type { Files } from "./define-files.ts";
import type { Listener, Network } from "./define-network.ts";
import type { Kernel } from "./kernel.ts";
import { Process, type SpawnOptions } from "./process.ts";

/** What a host is made of when it is switched on. */
export interface MachineOptions {
  kernel: Kernel;
  name: string;
  files: Files;
  programs: ProgramTable;
  network: Network;
  addresses: readonly string[];
  /** The first pid given out; 1 in a container. */
  firstPid?: number;
}

/** As /proc/sys/kernel/threads-max and a user's `ulimit -u` together would; enough for any lesson, too little for a fork bomb. */
const PROCESS_LIMIT = 1024;

/** A simulated Linux host, or a container on one: files, processes, ports. What runs on it decides what it is. */
export class Machine {
  readonly kernel: Kernel;
  name: string;
  readonly files: Files;
  readonly programs: ProgramTable;
  readonly network: Network;
  addresses: readonly string[];
  readonly processes = new Map<number, Process>();
  readonly listeners: Listener[] = [];
  /** What other parts keep with a host: its units, its container runtime. Keyed by the part's own name. */
  readonly parts = new Map<string, unknown>();
  /** Called for an error in a program that is no system error: a fault of the simulator. */
  onCrash: (proc: Process, error: unknown) => void = (_proc, error) => {
    throw error;
  };
  private nextPid: number;

  constructor(options: MachineOptions) {
    this.kernel = options.kernel;
    this.name = options.name;
    this.files = options.files;
    this.programs = options.programs;
    this.network = options.network;
    this.addresses = options.addresses;
    this.nextPid = options.firstPid ?? 300;
  }

  /** Starts a process. Errno EAGAIN when the host has too many. */
  start(options: SpawnOptions, parent?: Process): Process {
    if (this.processes.size >= PROCESS_LIMIT) throw new Errno("EAGAIN");
    const proc = new Process(this, this.nextPid++, parent, options);
    this.processes.set(proc.pid, proc);
    proc.terminal?.joined(proc);
    return proc;
  }

  /** Opens a port for a process. Errno EADDRINUSE when it is taken. */
  listen(listener: Listener): void {
    const taken = this.listeners.some(
      (other) =>
        other.port === listener.port &&
        other.protocol === listener.protocol &&
        (other.address === listener.address || other.address === "0.0.0.0" || listener.address === "0.0.0.0"),
    );
    if (taken) throw new Errno("EADDRINUSE");
    this.listeners.push(listener);
  }

  /** The process table's end of a process: its ports close, its children go to the host's first process. */
  ended(proc: Process): void {
    this.processes.delete(proc.pid);
    proc.terminal?.left(proc);
    for (let i = this.listeners.length - 1; i >= 0; i--) if (this.listeners[i]?.proc === proc) this.listeners.splice(i, 1);
    for (const child of proc.children) child.parent = undefined;
    proc.children.clear();
  }

  crashed(proc: Process, error: unknown): void {
    this.onCrash(proc, error);
  }
}
