import { Errno, Exit, type Program, type Signal, type Task } from "../../machine/define.ts";
import { isBinary } from "../../machine/exec.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";
import { builtins } from "./builtins/index.ts";
import { History } from "./history.ts";
import { historyPath, readHistory, saveHistory } from "./history-file.ts";
import { interact } from "./interactive/session.ts";
import { importFunctions, initialVariables, readLogoutFile, readStartupFiles } from "./interactive/startup.ts";
import { type Invocation, invocationOf } from "./invocation.ts";
import { filesNamed } from "./meaning.ts";
import { setOption } from "./options.ts";
import { Abandoned, ShellExit } from "./problem.ts";
import { interpreterOf } from "./run/interpreter.ts";
import { runStdin } from "./run/stdin.ts";
import { runTop } from "./run/top.ts";
import { runExitTrap } from "./run/traps.ts";
import { Shell, type ShellKind } from "./shell.ts";

const interpreter = interpreterOf(builtins);

/** GNU bash 5.2. */
export const bash: Program = {
  name: "bash",
  also: ["sh"],
  *run(proc, argv) {
    const how = invocationOf(argv);
    const name = proc.argv[0] ?? "bash";
    if (how.wrong !== undefined) {
      yield* proc.write(2, `${name}: ${how.wrong}\n${how.wrong.startsWith("-c") ? "" : usage(name)}`);
      return 2;
    }
    if (how.show !== undefined) {
      yield* proc.write(1, how.show === "version" ? version : usage(name));
      return 0;
    }
    return yield* live(proc, how, name);
  },
};

const version = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

const longOptions = [
  "debug",
  "debugger",
  "dump-po-strings",
  "dump-strings",
  "help",
  "init-file",
  "login",
  "noediting",
  "noprofile",
  "norc",
  "posix",
  "pretty-print",
  "rcfile",
  "restricted",
  "verbose",
  "version",
];

function usage(name: string): string {
  return `Usage:\t${name} [GNU long option] [option] ...\n\t${name} [GNU long option] [option] script-file ...\nGNU long options:\n${longOptions.map((option) => `\t--${option}\n`).join("")}Shell options:\n\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n\t-abefhkmnptuvxBCEHPT or -o option\n`;
}

function kindOf(proc: Process, how: Invocation): ShellKind {
  if (how.forcedInteractive || (how.fromStdin && how.command === undefined && proc.isTerminal(0) && proc.isTerminal(2)))
    return "interactive";
  return how.command !== undefined ? "command" : how.file !== undefined ? "script" : "stdin";
}

/** A shell's whole life: startup files, commands, EXIT trap. */
function* live(proc: Process, how: Invocation, name: string): Task<number> {
  const kind = kindOf(proc, how);
  const shell = new Shell(proc, interpreter, kind, how.commandName ?? name);
  prepare(shell, how, name);
  let status: number;
  let signal: Signal | undefined;
  try {
    status = yield* work(shell, how, name);
  } catch (error) {
    if (!(error instanceof ShellExit || error instanceof Abandoned)) throw error;
    status = error.status;
    if (error instanceof ShellExit) signal = error.signal;
  }
  status = yield* runExitTrap(shell, status);
  if (kind === "interactive" && how.command === undefined) {
    try {
      yield* readLogoutFile(shell);
    } catch (error) {
      if (!(error instanceof ShellExit || error instanceof Abandoned)) throw error;
    }
    saveHistory(shell);
    // Stopped jobs would wait for ever.
    for (const job of shell.jobs.jobs)
      for (const proc of job.processes)
        if (proc.state === "stopped" && !job.noHup) {
          proc.signal("HUP");
          proc.signal("CONT");
        }
  }
  if (signal) throw new Exit(status, signal);
  return status;
}

function prepare(shell: Shell, how: Invocation, name: string): void {
  const { proc } = shell;
  shell.args = [...how.args];
  shell.login = how.login || name.startsWith("-");
  initialVariables(shell, shell.kind === "interactive");
  for (const signal of ["HUP", "INT", "QUIT", "PIPE", "TERM", "USR1", "USR2"] as const)
    if (proc.handlerOf(signal) === "ignore") shell.ignoredAtStart.add(signal);
  if (shell.kind === "interactive") {
    for (const option of ["emacs", "histexpand", "history"]) setOption(shell, option, true);
    if (proc.terminal) setOption(shell, "monitor", true);
    shell.shopts.add("expand_aliases");
    shell.history = new History();
  }
  if (how.posix || /(^|[/-])sh$/.test(name)) {
    setOption(shell, "posix", true);
    shell.shopts.add("expand_aliases");
  }
  if (shell.login) shell.shopts.add("login_shell");
  for (const option of how.on) setOption(shell, option, true);
  for (const option of how.off) setOption(shell, option, false);
  for (const [option, on] of how.shopts) {
    if (on) shell.shopts.add(option);
    else shell.shopts.delete(option);
  }
}

function* work(shell: Shell, how: Invocation, name: string): Task<number> {
  const { kind, login } = shell;
  const interactive = kind === "interactive";
  yield* importFunctions(shell);
  yield* readStartupFiles(shell, { ...how, login, interactive, posix: shell.has("posix") });
  if (how.command !== undefined) return yield* runTop(shell, how.command, { label: "-c", tail: true });
  if (how.file !== undefined) return yield* runFile(shell, how.file, name);
  if (!interactive) return yield* runStdin(shell);
  loadHistory(shell);
  return yield* interact(shell);
}

function loadHistory(shell: Shell): void {
  const path = historyPath(shell);
  if (path === undefined) return;
  try {
    readHistory(shell, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
}

/** `bash FILE`: the file as named, or one that PATH finds. */
function* runFile(shell: Shell, file: string, name: string): Task<number> {
  const { proc } = shell;
  const { files } = proc.machine;
  const path =
    file.includes("/") || files.find(pathOf(proc, file), proc.credentials)
      ? file
      : (filesNamed(shell, file)[0] ?? file);
  let text: string;
  try {
    if (files.stat(pathOf(proc, path), proc.credentials).kind === "directory") throw new Errno("EISDIR", file);
    text =
      files.find(pathOf(proc, path), proc.credentials)?.kind === "file" && !path.startsWith("/dev/")
        ? files.read(pathOf(proc, path), proc.credentials)
        : yield* readDescriptor(shell, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.error(`${error.code === "EISDIR" ? file : name}: ${file}: ${error.message}\n`);
    return error.code === "ENOENT" ? 127 : 126;
  }
  if (isBinary(text)) {
    yield* shell.error(`${name}: ${file}: cannot execute binary file\n`);
    return 126;
  }
  shell.name = file;
  shell.calls = [{ name: "main", source: file, from: 0 }];
  return yield* runTop(shell, text);
}

/** `bash <(…)` and `bash /dev/stdin`. */
function* readDescriptor(shell: Shell, path: string): Task<string> {
  const { proc } = shell;
  const file = proc.machine.files.open(pathOf(proc, path), proc.credentials, { read: true, by: proc });
  proc.attach(255, file);
  try {
    return yield* proc.readAll(255);
  } finally {
    proc.close(255);
  }
}
