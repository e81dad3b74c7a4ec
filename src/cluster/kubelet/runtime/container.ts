import type { Micros } from "../../../base/clock.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import type { ResourceRequirements } from "../../../kinds/types/pod.ts";
import { type Credentials, Errno, type OpenFile, type Signal, type Task } from "../../../machine/define.ts";
import type { Files } from "../../../machine/define-files.ts";
import { commandBody } from "../../../machine/exec.ts";
import { LineKeys } from "../../../machine/line-keys.ts";
import { Machine } from "../../../machine/machine.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import { Terminal } from "../../../machine/terminal.ts";
import { Feed } from "./feed.ts";
import { imagePrograms, type StoredImage } from "./image-store.ts";
import { LogFile } from "./log-file.ts";
import type { Runtime, Sandbox } from "./runtime.ts";

/** What a container is made from, after the kubelet has looked everything up. */
export interface ContainerPlan {
  readonly name: string;
  readonly attempt: number;
  readonly stored: StoredImage;
  readonly image: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly credentials: Credentials;
  readonly stdin: boolean;
  /** Its stdin ends with the first session that is attached to it. */
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly hostname: string;
  /** Whose process namespace it shares: that of the host, of the pod, or of the container it is to look into. */
  readonly pids: Machine | undefined;
  /** Fills the container's files: the image's own are there already. */
  prepare(files: Files): void;
  /** Further parts of the machine that is the container. */
  readonly parts: ReadonlyMap<string, unknown>;
  readonly makeFiles: (fill: (files: Files) => void) => Files;
  /** Why the runtime cannot begin it, in its words. */
  readonly fault?: string | undefined;
  /** How large its log may become before a new file is begun, and how many files there are at most. */
  readonly logs?: { readonly size: number; readonly files: number };
  /** What it has left in its termination log. */
  readonly lastWords?: () => string;
  /** The resources that it was made with. */
  readonly allocated?: ResourceRequirements | undefined;
  /** The bytes in its volumes that lie in memory and count as its own. */
  readonly tmpfs?: (() => number) | undefined;
  /** The signal that asks it to end, where the image or the pod names another than TERM. */
  readonly stopSignal?: Signal | undefined;
  /** The image's files, where a path is the same in them as in the container's. */
  readonly preview: (path: string) => Files | undefined;
}

/** A container: a small machine in which the image's program is process 1. */
export class RuntimeContainer {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly plan: ContainerPlan;
  readonly machine: Machine;
  readonly log: LogFile;
  readonly created: Micros;
  /** Wakes when it starts and ends. */
  readonly changed = new WaitQueue();
  state: "created" | "running" | "exited" = "created";
  started: Micros = 0;
  finished: Micros = 0;
  exitCode = 0;
  signal: number | undefined;
  /** Why it ended, where the exit code does not tell: OOMKilled. */
  reason: string | undefined;
  message: string | undefined;
  process: Process | undefined;
  /** memory.max of its control group, in bytes, and its oom_score_adj. */
  memoryLimit: number | undefined;
  oomScore = 0;
  /** Its writable layer was deleted. */
  reclaimed = false;
  /** Keys for process 1, where the container has stdin. */
  private stdin: Feed | undefined;
  /** The terminal of process 1, where the container has one. */
  private terminal: Terminal | undefined;
  private keys: LineKeys | undefined;

  constructor(runtime: Runtime, sandbox: Sandbox, plan: ContainerPlan) {
    const { host } = runtime;
    this.id = runtime.random.hex(64);
    this.sandbox = sandbox;
    this.plan = plan;
    this.created = host.kernel.clock.now;
    this.log = new LogFile(host.kernel.clock, plan.logs);
    const { table } = imagePrograms(plan.stored.image, host.programs);
    this.machine = new Machine({
      kernel: host.kernel,
      name: plan.hostname,
      files: () => plan.makeFiles((files) => plan.prepare(files)),
      preview: plan.preview,
      programs: table,
      network: host.network,
      net: sandbox.net,
      host,
      firstPid: 2,
      pids: plan.pids,
    });
    this.machine.onCrash = host.onCrash;
    for (const [name, part] of plan.parts) this.machine.parts.set(name, part);
  }

  get name(): string {
    return this.plan.name;
  }

  /** Starts process 1. Gives back runc's words where its program cannot be run. */
  start(): string | undefined {
    const { plan, machine } = this;
    const fds = plan.tty ? this.onTerminal() : this.onPipes();
    const { credentials, cwd, argv } = plan;
    const env = new Map(plan.env);
    if (plan.tty && !env.has("TERM")) env.set("TERM", "xterm");
    let failed: string | undefined;
    const body = (proc: Process): Task<number> => {
      try {
        return commandBody(proc, argv, env)(proc);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        failed = startFailure(argv[0] ?? "", error);
        return nothingToRun();
      }
    };
    const proc = machine.start({
      argv,
      body,
      fds,
      env,
      cwd,
      credentials,
      group: "new",
      terminal: this.terminal ?? null,
      pid: 1,
    });
    if (this.terminal) this.terminal.foreground = proc.group;
    if (failed !== undefined) {
      proc.onEnd = undefined;
      this.end(128);
      return failed;
    }
    this.process = proc;
    this.state = "running";
    this.started = machine.kernel.clock.now;
    proc.onEnd = () => this.end(proc.status);
    this.changed.wake();
    return undefined;
  }

  /** It is not even begun: gives the words back. */
  refuse(words: string): string {
    this.end(128);
    return words;
  }

  private onPipes(): Map<number, OpenFile> {
    const stdin = this.plan.stdin ? pipe() : undefined;
    const nothing: OpenFile = { kind: "device", path: "/dev/null", refs: 1, read: () => undefined };
    this.stdin = stdin && new Feed(stdin.writer);
    return new Map<number, OpenFile>([
      [0, stdin?.reader ?? nothing],
      [1, this.log.writer("stdout")],
      [2, this.log.writer("stderr")],
    ]);
  }

  /** What is shown on the terminal is the container's log, with the line ends that a terminal has. */
  private onTerminal(): Map<number, OpenFile> {
    const terminal = new Terminal();
    const shown = this.log.writer("stdout");
    terminal.onOutput = (text) => void shown.write?.(text.replace(/\r?\n/g, "\r\n"));
    this.terminal = terminal;
    if (this.plan.stdin) this.keys = new LineKeys(terminal);
    const screen = terminal.open();
    return new Map([0, 1, 2].map((fd) => [fd, screen]));
  }

  private end(status: number): void {
    if (this.state === "exited") return;
    this.state = "exited";
    this.finished = this.machine.kernel.clock.now;
    this.exitCode = status;
    // Everything else in the pid namespace dies with its first process.
    for (const proc of [...this.machine.processes.values()]) proc.signal("KILL");
    this.log.close();
    this.changed.wake();
  }

  /** TERM asks it to end by the signal it wants to be asked with. */
  kill(signal: "TERM" | "KILL"): void {
    this.process?.signal(signal === "TERM" ? (this.plan.stopSignal ?? "TERM") : signal);
  }

  /** The kernel ends all its processes: it has used more memory than there is for it. */
  oomKill(): void {
    if (this.state !== "running") return;
    this.reason = "OOMKilled";
    this.process?.signal("KILL");
  }

  /** Text for process 1's stdin; undefined closes it. */
  input(text: string | undefined): void {
    if (text !== undefined) this.keys?.input(text);
    this.stdin?.push(text);
  }

  /** The size of the screen that somebody looks at the container's terminal with. */
  resize(columns: number, rows: number): void {
    this.terminal?.resize(columns, rows);
  }

  /** Runs a command beside process 1. Throws Errno where it cannot be run. */
  exec(
    argv: readonly string[],
    options: { fds: ReadonlyMap<number, OpenFile>; terminal?: Terminal | undefined },
  ): Process {
    const { machine, plan } = this;
    if (this.state !== "running" || !this.process) throw new Errno("ESRCH");
    const env = new Map(plan.env);
    if (options.terminal && !env.has("TERM")) env.set("TERM", "xterm");
    const init = this.process;
    const body = commandBody(init, argv, env);
    return machine.start({
      argv,
      body,
      env,
      fds: options.fds,
      cwd: plan.cwd,
      credentials: plan.credentials,
      group: "new",
      terminal: options.terminal ?? null,
    });
  }
}

function* nothingToRun(): Task<number> {
  return 128;
}

/** runc's words for a program that cannot be started (containerd 2, runc 1.3). */
export function startFailure(command: string, error: Errno): string {
  const why =
    error.code === "ENOENT"
      ? command.includes("/")
        ? `stat ${command}: no such file or directory`
        : "executable file not found in $PATH"
      : error.message.toLowerCase();
  const detail = `exec: ${JSON.stringify(command)}: ${why}`;
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${detail}: unknown`;
}
