import { WaitQueue } from "../../../base/wait-queue.ts";
import type { Signal, Task } from "../../../machine/define.ts";
import type { LineEvent, Terminal } from "../../../machine/terminal.ts";
import { expandPrompt } from "../expand/prompt.ts";
import { type Job, stateOf } from "../job-table.ts";
import { readLine } from "../read-line.ts";
import { runLine } from "../run/top.ts";
import { arm, heldWhenInteractive } from "../set-trap.ts";
import { type Shell, UserInterrupt } from "../shell.ts";
import { incomplete, parse } from "../syntax/parse.ts";
import { complete } from "./completion.ts";
import { expandHistory } from "./history-expansion.ts";
import { remember } from "./remember.ts";

type Line = Exclude<LineEvent, { type: "complete" }>;

/** Prompts, reads and runs lines until the end of the input or `exit`. */
export function* interact(shell: Shell): Task<number> {
  for (const signal of heldWhenInteractive) arm(shell, signal as Signal);
  takeTerminal(shell);
  for (let ends = 0; ; ) {
    try {
      yield* tellJobs(shell);
      takeSize(shell);
      yield* promptCommand(shell);
      const typed = yield* readCommand(shell);
      if (typed.type === "end") {
        const spared = shell.has("ignoreeof") || shell.vars.get("IGNOREEOF") !== undefined;
        if (spared && ends++ < (Number(shell.vars.get("IGNOREEOF") ?? 10) || 10) && !terminalOf(shell)?.hungUp) {
          yield* shell.error(`Use "${shell.login ? "logout" : "exit"}" to leave the shell.\n`);
          continue;
        }
        if (yield* leaves(shell)) return shell.status;
        continue;
      }
      ends = 0;
      if (typed.type === "interrupt") {
        shell.status = 130;
        continue;
      }
      yield* runTyped(shell, typed.text);
    } catch (error) {
      if (!(error instanceof UserInterrupt)) throw error;
      yield* interrupted(shell);
    }
  }
}

/** The end of the input is `exit`: stopped jobs are warned of once. */
function* leaves(shell: Shell): Task<boolean> {
  yield* shell.error(shell.login ? "logout\n" : "exit\n");
  const gone = terminalOf(shell)?.hungUp ?? false;
  if (gone || shell.warnedOfJobs || !shell.jobs.jobs.some((job) => stateOf(job) === "stopped")) return true;
  shell.warnedOfJobs = true;
  yield* shell.error("There are stopped jobs.\n");
  return false;
}

function terminalOf(shell: Shell): Terminal | undefined {
  return shell.proc.fds.get(0)?.terminal;
}

function takeTerminal(shell: Shell): void {
  const { proc } = shell;
  if (!proc.terminal) return;
  proc.group = proc.machine.kernel.newGroup();
  proc.terminal.foreground = proc.group;
}

function* interrupted(shell: Shell): Task {
  const at = shell.pending.indexOf("INT");
  if (at >= 0) shell.pending.splice(at, 1);
  while (shell.vars.depth > 0) shell.vars.leave();
  shell.calls = [];
  shell.loops = 0;
  shell.tested = 0;
  shell.flow = undefined;
  shell.status = 130;
  const { terminal } = shell.proc;
  if (terminal) terminal.foreground = shell.proc.group;
  yield* shell.error("\n");
}

function* promptCommand(shell: Shell): Task {
  const commands = shell.vars.find("PROMPT_COMMAND");
  const texts = commands?.array?.values() ?? (commands?.value === undefined ? [] : [commands.value]);
  const { status } = shell;
  for (const text of texts) if (text !== "") yield* runLine(shell, parse(text));
  shell.status = status;
}

/** Says which background jobs have ended or stopped since the last prompt. */
function* tellJobs(shell: Shell): Task {
  for (const job of [...shell.jobs.jobs]) {
    const state = stateOf(job);
    if (state !== job.told && state !== "running") yield* shell.error(shell.jobs.line(job));
    job.told = state;
    if (state === "done") forget(shell, job);
  }
}

function forget(shell: Shell, job: Job): void {
  shell.jobs.remove(job);
  for (const proc of job.processes) {
    shell.proc.children.delete(proc);
    shell.endedJobs.set(proc.pid, job.processes);
  }
}

/** COLUMNS and LINES follow the terminal's size (checkwinsize). */
function takeSize(shell: Shell): void {
  const terminal = terminalOf(shell);
  if (!terminal || !shell.shopts.has("checkwinsize")) return;
  shell.vars.set("COLUMNS", String(terminal.columns));
  shell.vars.set("LINES", String(terminal.rows));
}

/** A whole command, over as many lines as it takes. */
function* readCommand(shell: Shell): Task<Line> {
  const first = yield* ask(shell, yield* expandPrompt(shell, shell.vars.get("PS1") ?? ""), "");
  if (first.type !== "line") return first;
  let { text } = first;
  while (incomplete(text)) {
    const more = yield* ask(shell, yield* expandPrompt(shell, shell.vars.get("PS2") ?? ""), text);
    if (more.type === "interrupt") return more;
    if (more.type === "end") return { type: "line", text };
    text = `${text}\n${more.text}`;
  }
  return { type: "line", text };
}

/** Asks the line editor; without a terminal (bash -i in a pipe) reads a line of stdin. */
function* ask(shell: Shell, prompt: string, before: string): Task<Line> {
  const terminal = terminalOf(shell);
  if (!terminal) {
    yield* shell.error(prompt);
    const line = yield* readLine(shell, 0, "\n");
    return line.ended && line.text === "" ? { type: "end" } : { type: "line", text: line.text };
  }
  const lead = before === "" ? "" : `${before}\n`;
  terminal.ask({
    prompt,
    history: shell.history?.lines ?? [],
    continued: before !== "",
    incomplete: (text) => incomplete(lead + text),
  });
  try {
    for (;;) {
      const event = terminal.takeEvent();
      if (event instanceof WaitQueue) yield* shell.wait({ on: [event] });
      else if (event.type !== "complete") return event;
      else terminal.onCompletion(yield* complete(shell, event.text, event.cursor));
    }
  } finally {
    terminal.withdraw();
  }
}

function* runTyped(shell: Shell, text: string): Task {
  let command = text;
  if (shell.has("histexpand") && shell.history) {
    const expanded = expandHistory(text, shell.history);
    if ("error" in expanded) {
      yield* shell.complain(expanded.error);
      shell.status = 1;
      return;
    }
    command = expanded.text;
    if (expanded.changed) yield* shell.error(`${command}\n`);
    if (expanded.printOnly) {
      remember(shell, command);
      return;
    }
  }
  remember(shell, command);
  shell.line++;
  const { warnedOfJobs } = shell;
  yield* runLine(shell, parse(command, shell.line));
  shell.flow = undefined;
  if (warnedOfJobs) shell.warnedOfJobs = false;
}
