import { type Micros, SECOND, type Timer } from "../base/clock.ts";
import type { HostCalls, PortName } from "../base/ports.ts";
import { WaitQueue } from "../base/wait-queue.ts";
import {
  type Credentials,
  Errno,
  Exit,
  Interrupted,
  ignoredByDefault,
  type Signal,
  signalNumbers,
  stopsByDefault,
  type Task,
  type Wait,
  type Wake,
} from "./define.ts";
import { hostCall } from "./host-call.ts";
import { SLICE } from "./kernel.ts";
import type { Machine } from "./machine.ts";
import { OpenFiles } from "./open-files.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import { complainOf } from "./system-error.ts";
import type { Terminal } from "./terminal.ts";
import { unwind } from "./unwind.ts";

export type { SpawnOptions } from "./spawn-options.ts";

/** What starting a process costs, in microseconds: so that time passes for whoever starts processes for ever. */
const FORK_COST = 100;

/** A process on a simulated host: a generator that its kernel runs slice by slice on the world's clock. */
export class Process extends OpenFiles {
  readonly pid: number;
  readonly machine: Machine;
  parent: Process | undefined;
  argv: readonly string[];
  cwd: string;
  env: Map<string, string>;
  credentials: Credentials;
  umask: number;
  /** The job it belongs to; the numbers are unique in the whole world, because a terminal's jobs may span hosts (ssh). */
  group: number;
  terminal: Terminal | undefined;
  /** The unit or session it belongs to, as /proc/PID/cgroup says. */
  cgroup: string;
  readonly started: Micros;
  readonly children = new Set<Process>();
  state: "running" | "stopped" | "ended" = "running";
  /** The exit status, or 128 + the signal's number; set when `state` is "ended". */
  status = 0;
  /** The signal that ended or stopped it. */
  signalled: Signal | undefined;
  /** Wakes when the process ends, stops or goes on. */
  readonly changed = new WaitQueue();
  /** Called once when it ends, after its descriptors are closed. */
  onEnd: ((proc: Process) => void) | undefined;

  private readonly body: Task<number>;
  private readonly handlers = new Map<Signal, "ignore" | ((signal: Signal) => void)>();
  private ticks = 0;
  private onStack = false;
  private dying: Signal | undefined;
  private timer: Timer | undefined;
  private unsubscribe: (() => void)[] = [];
  private parked = false;
  private wake: Wake = "ready";
  /** Signals that came while it was stopped. */
  private readonly held: Signal[] = [];

  constructor(machine: Machine, pid: number, parent: Process | undefined, options: SpawnOptions) {
    super();
    this.machine = machine;
    this.pid = pid;
    this.parent = parent;
    this.argv = options.argv;
    this.cwd = options.cwd ?? parent?.cwd ?? "/";
    this.env = new Map(options.env ?? parent?.env);
    this.credentials = options.credentials ?? parent?.credentials ?? { uid: 0, gid: 0, groups: [] };
    this.umask = parent?.umask ?? 0o022;
    const group = options.group ?? parent?.group ?? "new";
    this.group = group === "new" ? machine.kernel.newGroup() : group;
    this.terminal = options.terminal === null ? undefined : (options.terminal ?? parent?.terminal);
    this.cgroup = options.cgroup ?? parent?.cgroup ?? "/";
    this.started = machine.kernel.clock.now;
    for (const [fd, file] of options.fds ?? parent?.fds ?? []) this.attach(fd, file);
    for (const [signal, handler] of parent?.handlers ?? [])
      if (handler === "ignore") this.handlers.set(signal, handler);
    parent?.children.add(this);
    this.body = options.body(this);
    this.schedule();
  }

  /** Whether it waits for something. */
  get idle(): boolean {
    return this.parked;
  }

  /** Counts a step of computing. True when the slice is used up: then `yield undefined`. */
  tick(): boolean {
    return ++this.ticks >= SLICE;
  }

  /** A step of computing, for code where the cost of a generator call does not matter. `cost` in microseconds. */
  *step(cost = 1): Task {
    this.ticks += cost;
    if (this.ticks >= SLICE) yield undefined;
  }

  *sleep(seconds: number): Task {
    const until = this.machine.kernel.clock.now + Math.round(seconds * SECOND);
    yield* this.wait({ on: [], until });
  }

  /** Waits; throws Interrupted when a signal with a handler came first. Says whether it was the time that ended it. */
  *wait(wait: Wait): Task<"ready" | "timeout"> {
    this.ticks++;
    const wake = yield wait;
    if (wake === "interrupted") throw new Interrupted();
    return wake;
  }

  /** Waits until `child` has ended and returns its status. */
  *waitFor(child: Process): Task<number> {
    while (child.state !== "ended") yield* this.wait({ on: [child.changed] });
    this.children.delete(child);
    return child.status;
  }

  spawn(options: SpawnOptions): Process {
    this.ticks += FORK_COST;
    return (options.machine ?? this.machine).start(options, this);
  }

  /** Asks the machine that the lab runs on; parks until the answer is there. Errno ENXIO where nobody answers. */
  hostCall<P extends PortName>(port: P, ask: HostCalls[P]["ask"]): Task<HostCalls[P]["answer"]> {
    return hostCall(this, port, ask);
  }

  exit(status: number): never {
    throw new Exit(status);
  }

  /** What happens at a signal: "default", "ignore", or a function, which also interrupts a wait. KILL and STOP obey nobody. */
  on(signal: Signal, handler: "default" | "ignore" | ((signal: Signal) => void)): void {
    if (signal === "KILL" || signal === "STOP") return;
    if (handler === "default") this.handlers.delete(signal);
    else this.handlers.set(signal, handler);
  }

  handlerOf(signal: Signal): "default" | "ignore" | ((signal: Signal) => void) {
    return this.handlers.get(signal) ?? "default";
  }

  signal(signal: Signal): void {
    if (this.state === "ended") return;
    if (signal === "CONT" || signal === "KILL") this.resumeStopped();
    else if (this.state === "stopped" && this.handlerOf(signal) !== "ignore") {
      if (!stopsByDefault.has(signal) && !this.held.includes(signal)) this.held.push(signal);
      return;
    }
    const handler = this.handlerOf(signal);
    if (handler === "ignore") return;
    // The first process of a pid namespace gets only the signals it has a handler for (pid_namespaces(7)).
    if (this.pid === 1 && handler === "default" && signal !== "KILL" && signal !== "STOP") return;
    if (handler !== "default") {
      handler(signal);
      if (this.parked) this.unpark("interrupted");
    } else if (stopsByDefault.has(signal)) this.stop(signal);
    else if (!ignoredByDefault.has(signal)) this.die(signal);
  }

  protected *awaitForeground(terminal: Terminal): Task {
    while (terminal === this.terminal && terminal.foreground !== undefined && terminal.foreground !== this.group) {
      if (this.handlerOf("TTIN") === "ignore") throw new Errno("EIO");
      for (const other of [...this.machine.processes.values()]) if (other.group === this.group) other.signal("TTIN");
      yield undefined;
    }
  }

  private stop(signal: Signal): void {
    if (this.state === "stopped") return;
    this.state = "stopped";
    this.signalled = signal;
    this.changed.wake();
  }

  private resumeStopped(): void {
    if (this.state !== "stopped") return;
    this.state = "running";
    this.signalled = undefined;
    this.changed.wake();
    if (!this.parked && !this.timer) this.schedule();
    for (const signal of this.held.splice(0)) this.signal(signal);
  }

  private die(signal: Signal): void {
    if (this.onStack) {
      this.dying = signal;
      this.ticks = SLICE;
      return;
    }
    this.forget();
    this.unwind();
    this.end(128 + signalNumbers[signal], signal);
  }

  private unwind(): void {
    this.onStack = true;
    unwind(this.body);
    this.onStack = false;
  }

  private schedule(at?: Micros): void {
    const { clock } = this.machine.kernel;
    const run = () => this.run();
    this.timer = at === undefined ? clock.soon(run) : clock.at(at, run);
  }

  private run(): void {
    this.timer = undefined;
    if (this.state !== "running") return;
    this.machine.kernel.slices++;
    this.onStack = true;
    let step: IteratorResult<Wait | undefined, number>;
    try {
      step = this.body.next(this.wake);
    } catch (error) {
      this.failed(error);
      return;
    } finally {
      this.onStack = false;
    }
    if (this.dying) this.die(this.dying);
    else if (step.done) this.end(step.value);
    else if (step.value) this.park(step.value);
    else {
      this.wake = "ready";
      this.ticks = Math.max(SLICE, this.ticks);
      this.goOn();
    }
  }

  /** Lets it run on: now, or after the time that its computing took. Waits do not reset the count, so time always passes. */
  private goOn(): void {
    const spent = this.ticks >= SLICE ? this.ticks : 0;
    if (spent > 0) this.ticks = 0;
    const at = this.machine.compute(spent);
    this.schedule(spent > 0 ? at : undefined);
  }

  /** The body threw: exit(2), a system error that the program let through, or a fault of the simulator. */
  private failed(error: unknown): void {
    if (this.dying) this.end(128 + signalNumbers[this.dying], this.dying);
    else if (error instanceof Exit) this.end(error.status, error.signal);
    else {
      const isSystemError = complainOf(this, error);
      this.end(1);
      if (!isSystemError) this.machine.crashed(this, error);
    }
  }

  private park(wait: Wait): void {
    this.parked = true;
    for (const queue of wait.on) this.unsubscribe.push(queue.add(() => this.unpark("ready")));
    if (wait.until !== undefined)
      this.timer = this.machine.kernel.clock.at(wait.until, () => {
        this.timer = undefined;
        this.unpark("timeout");
      });
  }

  private unpark(wake: Wake): void {
    if (!this.parked) return;
    this.forget();
    this.wake = wake;
    this.goOn();
  }

  private forget(): void {
    this.timer?.cancel();
    this.timer = undefined;
    for (const undo of this.unsubscribe) undo();
    this.unsubscribe = [];
    this.parked = false;
  }

  private end(status: number, signal?: Signal): void {
    if (this.state === "ended") return;
    this.forget();
    this.state = "ended";
    this.status = status & 255;
    this.signalled = signal;
    for (const fd of [...this.fds.keys()]) this.close(fd);
    this.machine.ended(this);
    this.changed.wake();
    this.parent?.signal("CHLD");
    this.onEnd?.(this);
  }
}
