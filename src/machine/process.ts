import type { Micros, Timer } from "../base/clock.ts";
import { SECOND } from "../base/clock.ts";
import { type HostCalls, holdsClock, type PortName } from "../base/ports.ts";
import { WaitQueue } from "../base/wait-queue.ts";
import {
  type Credentials,
  Errno,
  Exit,
  Interrupted,
  type OpenFile,
  type Signal,
  signalNumbers,
  type Task,
  type Wait,
  type Wake,
} from "./define.ts";
import { SLICE } from "./kernel.ts";
import type { Machine } from "./machine.ts";
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
}

const ignoredByDefault: ReadonlySet<Signal> = new Set<Signal>(["CHLD", "WINCH", "CONT"]);
const stopsByDefault: ReadonlySet<Signal> = new Set<Signal>(["STOP", "TSTP", "TTIN", "TTOU"]);

/** A process on a simulated host: a generator that its kernel runs slice by slice on the world's clock. */
export class Process {
  readonly pid: number;
  readonly machine: Machine;
  parent: Process | undefined;
  argv: readonly string[];
  cwd: string;
  env: Map<string, string>;
  credentials: Credentials;
  umask: number;
  readonly fds = new Map<number, OpenFile>();
  /** The job it belongs to; the numbers are unique in the whole world, because a terminal's jobs may span hosts (ssh). */
  group: number;
  terminal: Terminal | undefined;
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

  constructor(machine: Machine, pid: number, parent: Process | undefined, options: SpawnOptions) {
    this.machine = machine;
    this.pid = pid;
    this.parent = parent;
    this.argv = options.argv;
    this.cwd = options.cwd ?? parent?.cwd ?? "/";
    this.env = new Map(options.env ?? parent?.env);
    this.credentials = options.credentials ?? parent?.credentials ?? { uid: 0, gid: 0, groups: [] };
    this.umask = parent?.umask ?? 0o022;
    this.group = options.group === "new" ? machine.kernel.newGroup() : (options.group ?? parent?.group ?? machine.kernel.newGroup());
    this.terminal = options.terminal === null ? undefined : (options.terminal ?? parent?.terminal);
    this.started = machine.kernel.clock.now;
    for (const [fd, file] of options.fds ?? parent?.fds ?? []) this.attach(fd, file);
    for (const [signal, handler] of parent?.handlers ?? []) if (handler === "ignore") this.handlers.set(signal, handler);
    parent?.children.add(this);
    this.body = options.body(this);
    this.schedule();
  }

  // ---- descriptors

  /** Makes `fd` point to `file`, closing what it pointed to. */
  attach(fd: number, file: OpenFile): void {
    file.refs++;
    this.close(fd);
    this.fds.set(fd, file);
  }

  close(fd: number): void {
    const file = this.fds.get(fd);
    if (!file) return;
    this.fds.delete(fd);
    if (--file.refs === 0) file.close?.();
  }

  fd(fd: number): OpenFile {
    const file = this.fds.get(fd);
    if (!file) throw new Errno("EBADF");
    return file;
  }

  isTerminal(fd: number): boolean {
    return this.fds.get(fd)?.kind === "terminal";
  }

  // ---- system calls

  /** Counts a step of computing. True when the slice is used up: then `yield undefined`. */
  tick(): boolean {
    return ++this.ticks >= SLICE;
  }

  /** A step of computing, for code where the cost of a generator call does not matter. `cost` in microseconds. */
  *step(cost = 1): Task {
    this.ticks += cost;
    if (this.ticks >= SLICE) yield undefined;
  }

  /** Text from a descriptor as soon as there is some, at most `max` characters; undefined at the end. */
  *read(fd = 0, max = 65_536): Task<string | undefined> {
    for (;;) {
      if (this.tick()) yield undefined;
      const file = this.fd(fd);
      if (!file.read) throw new Errno(file.kind === "directory" ? "EISDIR" : "EBADF");
      const got = file.read(max);
      if (!(got instanceof WaitQueue)) return got;
      yield* this.wait({ on: [got] });
    }
  }

  /** All text until the end. */
  *readAll(fd = 0): Task<string> {
    const parts: string[] = [];
    for (;;) {
      const text = yield* this.read(fd);
      if (text === undefined) return parts.join("");
      parts.push(text);
    }
  }

  /** Writes all of `text`, waiting for room; a pipe without a reader ends the process by SIGPIPE unless that is handled. */
  *write(fd: number, text: string): Task {
    let rest = text;
    while (rest !== "") {
      if (this.tick()) yield undefined;
      const file = this.fd(fd);
      if (!file.write) throw new Errno("EBADF");
      const taken = this.writeSome(file, rest);
      if (taken instanceof WaitQueue) yield* this.wait({ on: [taken] });
      else rest = rest.slice(taken);
    }
  }

  private writeSome(file: OpenFile, text: string): number | WaitQueue {
    try {
      return file.write?.(text) ?? 0;
    } catch (error) {
      if (error instanceof Errno && error.code === "EPIPE" && !this.handlers.has("PIPE"))
        throw new Exit(128 + signalNumbers.PIPE, "PIPE");
      throw error;
    }
  }

  *sleep(seconds: number): Task {
    const until = this.machine.kernel.clock.now + Math.round(seconds * SECOND);
    yield* this.wait({ on: [], until });
  }

  /** Waits; throws Interrupted when a signal with a handler came first. Says whether it was the time that ended it. */
  *wait(wait: Wait): Task<"ready" | "timeout"> {
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
    return (options.machine ?? this.machine).start(options, this);
  }

  /** Asks the machine that the lab runs on; parks until the answer is there. Errno ENXIO where nobody answers. */
  *hostCall<P extends PortName>(port: P, ask: HostCalls[P]["ask"]): Task<HostCalls[P]["answer"]> {
    const { ports, clock } = this.machine.kernel;
    if (!ports) throw new Errno("ENXIO");
    const answered = new WaitQueue();
    const box: { answer?: HostCalls[P]["answer"] } = {};
    if (holdsClock[port]) clock.holds++;
    ports.call(port, ask, (answer) => {
      if (holdsClock[port]) clock.holds--;
      box.answer = answer;
      answered.wake();
    });
    while (box.answer === undefined) yield* this.wait({ on: [answered] });
    return box.answer;
  }

  exit(status: number): never {
    throw new Exit(status);
  }

  // ---- signals

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
    const handler = this.handlerOf(signal);
    if (handler === "ignore") return;
    if (handler !== "default") {
      handler(signal);
      if (this.parked) this.unpark("interrupted");
    } else if (stopsByDefault.has(signal)) this.stop(signal);
    else if (!ignoredByDefault.has(signal)) this.die(signal);
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

  /** Runs the generator's `finally` blocks; what they would wait for is not waited for. */
  private unwind(): void {
    this.onStack = true;
    try {
      let step = this.body.return(0);
      for (let left = 100; !step.done && left > 0; left--) step = this.body.next("interrupted");
    } catch (error) {
      if (!(error instanceof Errno || error instanceof Exit || error instanceof Interrupted)) throw error;
    } finally {
      this.onStack = false;
    }
  }

  // ---- running

  private schedule(at?: Micros): void {
    const { clock } = this.machine.kernel;
    const run = () => this.run();
    this.timer = at === undefined ? clock.soon(run) : clock.at(at, run);
  }

  private run(): void {
    this.timer = undefined;
    if (this.state !== "running") return;
    this.ticks = 0;
    this.machine.kernel.slices++;
    this.onStack = true;
    let step: IteratorResult<Wait | undefined, number>;
    try {
      step = this.body.next(this.wake);
    } catch (error) {
      this.onStack = false;
      this.end(error instanceof Exit ? error.status : 1, error instanceof Exit ? error.signal : undefined);
      if (!(error instanceof Exit)) this.machine.crashed(this, error);
      return;
    }
    this.onStack = false;
    if (step.done) this.end(step.value);
    else if (this.dying) this.die(this.dying);
    else if (step.value) this.park(step.value);
    else {
      this.wake = "ready";
      this.schedule(this.machine.kernel.clock.now + Math.max(SLICE, this.ticks));
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
    this.schedule();
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
