import { SECOND } from "../../../base/clock.ts";
import type { OpenFile, Task } from "../../../machine/define.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import type { Shell } from "../shell.ts";
import type { Node } from "../syntax/ast.ts";
import { hasJobControl, waitForJob } from "../wait.ts";
import { fork } from "./child.ts";

type PipelineNode = Node & { type: "pipeline" };
type RunStage = (shell: Shell, node: Node, last: boolean) => Task<number>;

/** Runs the stages side by side, each in a process of its own; a single one runs in the shell itself. */
export function* runPipeline(shell: Shell, node: PipelineNode, run: RunStage): Task<number> {
  const started = shell.proc.machine.kernel.clock.now;
  if (node.negated) shell.tested++;
  let status: number;
  try {
    const [only] = node.stages;
    if (node.stages.length > 1) status = yield* runStages(shell, node, run);
    else if (only) {
      status = yield* run(shell, only, false);
      if (node.negated) shell.vars.setArrayQuietly("PIPESTATUS", [String(status)]);
    } else status = 0;
  } finally {
    if (node.negated) shell.tested--;
  }
  if (node.timed) yield* shell.error(timing(shell, node.timed, shell.proc.machine.kernel.clock.now - started));
  return node.negated && shell.flow === undefined ? (status === 0 ? 1 : 0) : status;
}

function* runStages(shell: Shell, node: PipelineNode, run: RunStage): Task<number> {
  const inShell = shell.shopts.has("lastpipe") && !hasJobControl(shell);
  const { processes, input } = yield* startStages(shell, node, run, inShell);
  const last = input ? yield* runLast(shell, node, run, input) : undefined;
  const statuses = yield* waitForJob(shell, processes, node);
  if (last !== undefined) statuses.push(last);
  shell.vars.setArrayQuietly("PIPESTATUS", statuses.map(String));
  const failed = shell.has("pipefail") ? statuses.findLast((status) => status !== 0) : undefined;
  return failed ?? statuses.at(-1) ?? 0;
}

/** Under lastpipe the last stage runs in the shell itself. */
function* runLast(shell: Shell, node: PipelineNode, run: RunStage, input: OpenFile): Task<number> {
  const { proc } = shell;
  const before = proc.fds.get(0);
  if (before) before.refs++;
  proc.attach(0, input);
  try {
    return yield* run(shell, node.stages.at(-1) as Node, false);
  } finally {
    if (before) {
      proc.attach(0, before);
      before.refs--;
    } else proc.close(0);
  }
}

function* startStages(
  shell: Shell,
  node: PipelineNode,
  run: RunStage,
  allButLast: boolean,
): Task<{ processes: Process[]; input: OpenFile | undefined }> {
  const processes: Process[] = [];
  let input: OpenFile | undefined;
  for (const [i, stage] of node.stages.entries()) {
    if (allButLast && i === node.stages.length - 1) break;
    const fds = new Map(shell.proc.fds);
    if (input) fds.set(0, input);
    const last = i === node.stages.length - 1;
    const joint = last ? undefined : pipe();
    if (joint) {
      fds.set(1, joint.writer);
      if (node.both[i]) fds.set(2, joint.writer);
    }
    const group = !hasJobControl(shell) ? undefined : (processes[0]?.group ?? "new");
    try {
      processes.push(yield* fork(shell, (copy) => run(copy, stage, true), { fds, group }));
    } catch (error) {
      input?.close?.();
      joint?.reader.close?.();
      joint?.writer.close?.();
      throw error;
    }
    input = joint?.reader;
  }
  return { processes, input: allButLast ? input : undefined };
}

function timing(shell: Shell, style: "bash" | "posix", micros: number): string {
  const seconds = micros / SECOND;
  if (style === "posix") return `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`;
  const format = shell.vars.get("TIMEFORMAT") ?? "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS";
  if (format === "") return "";
  const text = format.replace(/%(?:(%)|([0-3])?(l)?([RUS])|P)/g, (_, percent, digits = "3", long, letter) => {
    if (percent) return "%";
    if (!letter) return "0.00";
    const value = letter === "R" ? seconds : 0;
    return long ? `${Math.floor(value / 60)}m${(value % 60).toFixed(Number(digits))}s` : value.toFixed(Number(digits));
  });
  return `${text}\n`;
}
