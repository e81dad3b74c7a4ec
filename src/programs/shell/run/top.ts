import type { Task } from "../../../machine/define.ts";
import { Abandoned, Problem, ShellExit } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Script, Statement } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { usesAliases } from "./alias.ts";

/** Runs a whole script. What goes wrong in a line ends that line, not the script. */
export function* runTop(
  shell: Shell,
  text: string,
  options: { readonly label?: string; readonly tail?: boolean } = {},
): Task<number> {
  const { label } = options;
  const script = parse(text);
  const only = script.statements[0];
  if (
    options.tail &&
    !shell.has("noexec") &&
    script.statements.length === 1 &&
    !script.problem &&
    only?.node.type === "simple" &&
    shell.kind !== "interactive" &&
    !usesAliases(shell)
  ) {
    yield* guarded(shell, shell.run.runBody(shell, script.statements));
    return shell.status;
  }
  const groups = byLine(script.statements);
  for (const [i, group] of groups.entries()) {
    if (shell.has("noexec")) continue;
    const source = text.slice(0, groups[i + 1]?.[0]?.pos);
    if (shell.has("verbose")) yield* shell.error(source.slice(group[0]?.pos));
    yield* runLine(
      shell,
      { source, statements: group, warnings: script.warnings.filter((one) => within(one.from, group)) },
      label,
    );
    if (shell.flow?.type === "return") {
      shell.status = shell.flow.status;
      shell.flow = undefined;
    }
  }
  if (script.problem) {
    yield* shell.run.runScript(shell, { source: "", statements: [], problem: script.problem, warnings: [] }, label);
    shell.status = 2;
  }
  return shell.status;
}

function within(line: number, group: readonly Statement[]): boolean {
  return line >= (group[0]?.line ?? 0) && line <= (group.at(-1)?.endLine ?? 0);
}

/** Statements that begin in a line where another one ended are given up together with it. */
export function byLine(statements: readonly Statement[]): Statement[][] {
  const groups: Statement[][] = [];
  let end = -1;
  for (const statement of statements) {
    if (statement.line === end) groups.at(-1)?.push(statement);
    else groups.push([statement]);
    end = statement.endLine;
  }
  return groups;
}

/** Runs what stands in one line and survives what goes wrong in it, unless that ends the shell. */
export function* runLine(shell: Shell, script: Script, label?: string): Task {
  yield* guarded(shell, shell.run.runScript(shell, script, label));
}

function* guarded(shell: Shell, task: Task<number>): Task {
  const depth = shell.vars.depth;
  const { calls, loops } = shell;
  try {
    yield* task;
  } catch (error) {
    if (!(error instanceof Abandoned) && !(error instanceof Problem)) throw error;
    if (error instanceof Problem) yield* shell.complain(error.message);
    shell.status = error instanceof Abandoned ? error.status : 1;
    shell.tested = 0;
    shell.flow = undefined;
    shell.calls = calls;
    shell.loops = loops;
    while (shell.vars.depth > depth) shell.vars.leave();
    const fatal = error.scope === "shell" && !shell.interactive;
    if (fatal || shell.subshell > 0) throw new ShellExit(shell.status);
  }
}
