import type { Task } from "../../../machine/define.ts";
import type { Builtin, Interpreter, ShellFunction } from "../define.ts";
import { expandArithmetic, expandText, expandWords } from "../expand/expand.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { CommandPart, Part, Script, Statement, Word } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { usesAliases, withAliases } from "./alias.ts";
import { callFunction } from "./call.ts";
import { Executor } from "./execute.ts";
import { becomeExternal, runExternal } from "./external.ts";
import { runBuiltin } from "./simple.ts";
import { capture, processPath } from "./substitution.ts";
import { syntaxError } from "./syntax-message.ts";
import { byLine } from "./top.ts";

/** Joins the parts that run commands with the builtins they may call. */
export function interpreterOf(builtins: readonly Builtin[]): Interpreter {
  const table = new Map(builtins.map((builtin) => [builtin.name, builtin]));
  const names = builtins.map((builtin) => builtin.name);
  const executor = new Executor(table);
  return {
    runText: (shell, text, options) => runText(shell, executor, text, options),
    runScript: (shell, script, label) => runScript(shell, executor, script, label),
    runBody: (shell, list) => executor.runBody(shell, list),
    callFunction: (shell: Shell, called: ShellFunction, args) => callFunction(shell, called, args, executor.node),
    runCommand: (shell, argv, options) => runCommand(shell, executor, argv, options),
    become: (shell, argv, { clear, name }) =>
      becomeExternal(shell, argv, clear ? new Map() : shell.vars.environment(), { named: name, exec: true }),
    capture: (shell, part: CommandPart) => capture(shell, part, (copy, list) => executor.runBody(copy, list)),
    processPath: (shell, part: Part & { type: "process" }) =>
      processPath(shell, part, (copy, list) => executor.runBody(copy, list)),
    expandText: (shell, text) => expandText(shell, { text, quoting: "here-document" }, "none"),
    arithmetic: (shell, text) => expandArithmetic(shell, { text, quoting: "double" }),
    expandWords: (shell, text) => expandWords(shell, wordsIn(text)),
    builtin: (name) => (table.has(name) ? table.get(name) : undefined),
    builtinNames: () => names,
  };
}

/** The words of a text cut at blanks, quotes respected (complete -W). */
function wordsIn(text: string): Word[] {
  const words = text.match(/(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\$\([^)]*\)|[^\s\\'"])+/g) ?? [];
  return words.map((word) => ({ text: word }));
}

/** Runs text in this very shell: eval, traps, sourced files, completion functions. */
function* runText(
  shell: Shell,
  executor: Executor,
  text: string,
  options: { readonly line?: number; readonly label?: string } = {},
): Task<number> {
  const script = parse(text, options.line ?? shell.line);
  if (script.statements.length === 0 && !script.problem) {
    shell.status = 0;
    return 0;
  }
  yield* runScript(shell, executor, script, options.label ?? "eval");
  return shell.status;
}

/** Runs what was read; then says what is wrong with the rest, if anything is. */
function* runScript(shell: Shell, executor: Executor, script: Script, label: string | undefined): Task<number> {
  for (const { line, from, delimiter } of script.warnings) {
    const start =
      shell.kind === "interactive" ? shell.prefix : `${shell.calls.at(-1)?.source || shell.name}: line ${line}: `;
    yield* shell.error(
      `${start}warning: here-document at line ${from} delimited by end-of-file (wanted \`${delimiter}')\n`,
    );
  }
  if (usesAliases(shell)) yield* runLines(shell, executor, script);
  else
    for (const statement of script.statements) {
      yield* executor.runStatement(shell, statement, false);
      if (shell.flow) return shell.status;
    }
  if (shell.flow) return shell.status;
  if (script.problem) {
    yield* syntaxError(shell, script.problem, label);
    shell.status = 2;
  }
  return shell.status;
}

/** Line by line, so that an alias holds from the line after the one that made it. */
function* runLines(shell: Shell, executor: Executor, script: Script): Task {
  const groups = byLine(script.statements);
  for (const [i, group] of groups.entries()) {
    const first = group[0] as Statement;
    const source = script.source.slice(first.pos, groups[i + 1]?.[0]?.pos);
    const line = usesAliases(shell) ? withAliases(shell, parse(source, first.line), first.line) : { statements: group };
    for (const statement of line.statements) {
      yield* executor.runStatement(shell, statement, false);
      if (shell.flow) return;
    }
    if ("problem" in line && line.problem) yield* syntaxError(shell, line.problem, undefined);
  }
}

/** A command that is expanded already: `command ls`, `builtin cd`. */
function* runCommand(
  shell: Shell,
  executor: Executor,
  argv: readonly string[],
  options: { readonly functions: boolean; readonly path?: string },
): Task<number> {
  const name = argv[0] ?? "";
  const called = options.functions ? shell.functions.get(name) : undefined;
  if (called) return yield* callFunction(shell, called, argv.slice(1), executor.node);
  const builtin = shell.disabled.has(name) ? undefined : executor.builtin(name);
  if (builtin) return yield* runBuiltin(shell, builtin, argv.slice(1), new Map());
  try {
    return yield* runExternal(shell, argv, shell.vars.environment(), argv.join(" "), options.path);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    yield* shell.complain(error.message);
    return 1;
  }
}
