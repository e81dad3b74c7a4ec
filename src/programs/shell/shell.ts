import { SECOND } from "../../base/clock.ts";
import type { WaitQueue } from "../../base/wait-queue.ts";
import { Errno, Exit, Interrupted, type Signal, signalNumbers, type Task, type Wait } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type ArithmeticScope, evaluate } from "./arithmetic/evaluate.ts";
import { ShellArithmetic } from "./arithmetic-scope.ts";
import type { Call, CompletionSpec, Flow, Interpreter, ShellFunction } from "./define.ts";
import { dynamicVariables, madeVariable } from "./dynamic-variables.ts";
import type { History } from "./history.ts";
import { JobTable } from "./job-table.ts";
import { copyVariable } from "./variable.ts";
import { type VariableOwner, Variables } from "./variables.ts";

/** Where a shell's commands come from, which decides how its messages begin. */
export type ShellKind = "interactive" | "command" | "script" | "stdin";

/** One running bash: what it keeps from one command to the next. A subshell is a copy of it in a process of its own. */
export class Shell implements VariableOwner {
  readonly proc: Process;
  readonly run: Interpreter;
  readonly vars: Variables;
  /** Where arithmetic finds its variables. */
  readonly scope: ArithmeticScope;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  /** Names of `set -o` that are on. */
  readonly options: Set<string>;
  /** Names of `shopt` that are on. */
  readonly shopts: Set<string>;
  readonly completions: Map<string, CompletionSpec>;
  /** What a `trap` runs, by signal, EXIT, ERR, DEBUG or RETURN. "" ignores. */
  readonly traps = new Map<string, string>();
  readonly jobs = new JobTable();
  /** Where commands were found, with how often (hash). */
  readonly hashed: Map<string, { path: string; hits: number }>;
  history: History | undefined;
  kind: ShellKind;
  login = false;
  /** $0 */
  name: string;
  args: string[];
  status = 0;
  /** $$: the first shell's, also in subshells. */
  readonly mainPid: string;
  /** $! */
  lastBackground: number | undefined;
  /** $_ */
  lastArgument = "";
  line = 1;
  /** Above zero while a trap's command runs: it does not start the DEBUG trap, and BASH_COMMAND stays. */
  trapDepth = 0;
  /** Set by `exec` without a command: the redirections of the command stay. */
  execKeeps = false;
  /** What is still to be said of commands that a signal killed: after their redirections are undone. */
  notices: string[] = [];
  /** While a completion function runs: the options that compopt changes. */
  completing: Set<string> | undefined;
  /** What `ulimit` was set to, by letter. */
  readonly limits = new Map<string, string>();
  /** Background jobs that were reported and forgotten, by pid, for `wait PID`. */
  readonly endedJobs = new Map<number, readonly Process[]>();
  /** Signals that were ignored when the shell began: a trap cannot change that (POSIX). */
  readonly ignoredAtStart = new Set<Signal>();
  /** Whether `exit` already said that jobs are stopped. */
  warnedOfJobs = false;
  readonly readonlyFunctions = new Set<string>();
  /** Descriptors of process substitutions, closed when their command has ended. */
  openSubstitutions: number[] = [];
  /** Builtins that `enable -n` took away. */
  readonly disabled = new Set<string>();
  /** The text of the running command (BASH_COMMAND). */
  command = "";
  flow: Flow | undefined;
  /** Above zero where a failing command does not end the shell (set -e). */
  tested = 0;
  loops = 0;
  calls: Call[] = [];
  /** The directories below the present one (pushd). */
  dirs: string[] = [];
  /** How many shells up the first one is (BASH_SUBSHELL), and how many command substitutions (xtrace's plus signs). */
  subshell = 0;
  substitutions = 0;
  /** The status of the last command substitution of the command being expanded. */
  substituted: number | undefined;
  /** Signals with a trap, or for an interactive shell an interrupt, that were not acted on yet. */
  readonly pending: Signal[] = [];
  /** The next place in the arguments for getopts. */
  optionAt = { index: 1, offset: 0 };
  /** Children of process substitutions, and when the shell began to count SECONDS. */
  secondsFrom: number;

  constructor(proc: Process, run: Interpreter, kind: ShellKind, name: string, like?: Shell) {
    this.proc = proc;
    this.run = run;
    this.kind = kind;
    this.mainPid = like?.mainPid ?? String(proc.pid);
    this.name = name;
    this.args = like ? [...like.args] : [];
    this.functions = new Map(like?.functions);
    this.aliases = new Map(like?.aliases);
    this.options = new Set(like?.options ?? ["hashall", "interactive-comments", "braceexpand"]);
    this.shopts = new Set(like?.shopts ?? defaultShopts);
    this.completions = new Map(like?.completions);
    this.hashed = new Map(like?.hashed);
    this.secondsFrom = like?.secondsFrom ?? proc.machine.kernel.clock.now;
    this.vars = new Variables(this, like?.vars.dynamic ?? dynamicVariables);
    this.scope = new ShellArithmetic(this.vars, this.options);
    if (like) this.takeOver(like);
  }

  private takeOver(like: Shell): void {
    this.vars.copyFrom(like.vars, copyVariable);
    this.vars.allExport = like.vars.allExport;
    this.history = like.history;
    this.login = like.login;
    this.status = like.status;
    this.lastBackground = like.lastBackground;
    this.lastArgument = like.lastArgument;
    this.line = like.line;
    this.command = like.command;
    this.tested = like.tested;
    this.calls = [...like.calls];
    this.dirs = [...like.dirs];
    this.jobs.inherit(like.jobs);
    this.subshell = like.subshell + 1;
    this.substitutions = like.substitutions;
    this.optionAt = { ...like.optionAt };
    for (const [signal, text] of like.traps)
      if (text === "" || signal === "ERR")
        if (text === "" || like.options.has("errtrace")) this.traps.set(signal, text);
  }

  evaluate(text: string): bigint {
    return evaluate(text, this.scope);
  }

  made(name: string): string | readonly string[] | undefined {
    return madeVariable(this, name);
  }

  assignedMade(name: string, value: string): void {
    const { clock } = this.proc.machine.kernel;
    if (name === "SECONDS") this.secondsFrom = clock.now - (Number(value) || 0) * SECOND;
  }

  changed(name: string): void {
    if (name === "OPTIND") this.optionAt = { index: Number(this.vars.get("OPTIND")) || 1, offset: 0 };
    else if (name === "PATH") this.hashed.clear();
  }

  get interactive(): boolean {
    return this.kind === "interactive" && this.subshell === 0;
  }

  has(option: string): boolean {
    return this.options.has(option);
  }

  /** How messages begin: `bash: `, or with the script and the line. */
  get prefix(): string {
    if (this.kind === "interactive") return `${this.name.slice(this.name.lastIndexOf("/") + 1)}: `;
    return `${this.calls.at(-1)?.source || this.name}: line ${this.line}: `;
  }

  *complain(message: string): Task {
    yield* this.error(`${this.prefix}${message}\n`);
  }

  /** Text to stderr; where that is closed it is lost. */
  *error(text: string): Task {
    try {
      yield* this.write(2, text);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  /** Text of a builtin to stdout; says what went wrong and gives the status. */
  *out(name: string, text: string): Task<number> {
    try {
      yield* this.write(1, text);
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* this.complain(`${name}: write error: ${error.message}`);
      return 1;
    }
  }

  /** Writes all of it, also when a signal with a trap comes meanwhile. */
  private *write(fd: number, text: string): Task {
    let rest = text;
    while (rest !== "") {
      if (this.proc.tick()) yield undefined;
      const file = this.proc.fd(fd);
      if (!file.write) throw new Errno("EBADF");
      const taken = this.writeSome(file.write, rest);
      if (typeof taken !== "number") yield* this.wait({ on: [taken] });
      else rest = taken === rest.length ? "" : rest.slice(taken);
    }
  }

  private writeSome(write: (text: string) => number | WaitQueue, text: string): number | WaitQueue {
    try {
      return write(text);
    } catch (error) {
      if (error instanceof Errno && error.code === "EPIPE" && this.proc.handlerOf("PIPE") === "default")
        throw new Exit(128 + signalNumbers.PIPE, "PIPE");
      throw error;
    }
  }

  /** Waits; Ctrl-C at an interactive shell breaks off what it does, other signals with a trap end the wait as "signal". */
  *wait(wait: Wait): Task<"ready" | "timeout" | "signal"> {
    try {
      return yield* this.proc.wait(wait);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (this.interactive && this.pending.includes("INT")) throw new UserInterrupt();
      return "signal";
    }
  }
}

/** Ctrl-C: unwinds to the prompt. */
export class UserInterrupt extends Error {}

const defaultShopts = [
  "checkwinsize",
  "cmdhist",
  "complete_fullquote",
  "extquote",
  "force_fignore",
  "globasciiranges",
  "globskipdots",
  "hostcomplete",
  "interactive_comments",
  "patsub_replacement",
  "progcomp",
  "promptvars",
  "sourcepath",
];
