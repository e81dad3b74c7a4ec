import type { Task } from "../../../machine/define.ts";
import { expandArithmetic, expandPattern, expandText, expandWords } from "../expand/expand.ts";
import { traceQuote } from "../expand/quote.ts";
import { Pattern } from "../pattern/match.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Compound, List } from "../syntax/ast.ts";
import { isName } from "../variable.ts";
import { trace } from "./trace.ts";

export type RunList = (shell: Shell, list: List) => Task<number>;
type Form<T extends Compound["type"]> = Compound & { type: T };

/** A list whose failure is a question, not an error. */
export function* tested(shell: Shell, list: List, run: RunList): Task<number> {
  shell.tested++;
  try {
    return yield* run(shell, list);
  } finally {
    shell.tested--;
  }
}

export function* ifCommand(shell: Shell, node: Form<"if">, run: RunList): Task<number> {
  for (const { test, body } of node.branches) {
    const status = yield* tested(shell, test, run);
    if (shell.flow) return status;
    if (status === 0) return yield* run(shell, body);
  }
  return node.otherwise ? yield* run(shell, node.otherwise) : 0;
}

/** After a loop's body: whether `break`, `return` or an outer `continue` ends the loop. */
export function endsLoop(shell: Shell): boolean {
  const { flow } = shell;
  if (!flow) return false;
  if (flow.type === "return" || --flow.levels > 0) return true;
  shell.flow = undefined;
  return flow.type === "break";
}

export function* whileLoop(shell: Shell, node: Form<"while">, run: RunList): Task<number> {
  let status = 0;
  shell.loops++;
  try {
    for (;;) {
      if (shell.proc.tick()) yield undefined;
      const condition = yield* tested(shell, node.test, run);
      if (shell.flow ? endsLoop(shell) : (condition === 0) === node.until) break;
      status = yield* run(shell, node.body);
      if (endsLoop(shell)) break;
    }
    return shell.flow?.type === "return" ? shell.status : status;
  } finally {
    shell.loops--;
  }
}

export function* forLoop(shell: Shell, node: Form<"for" | "select">, run: RunList): Task<number> {
  shell.line = node.line;
  if (!isName(node.name)) throw new Problem(`\`${node.name}': not a valid identifier`);
  const values = node.words ? yield* expandWords(shell, node.words) : [...shell.args];
  let status = 0;
  shell.loops++;
  try {
    for (const value of values) {
      if (shell.proc.tick()) yield undefined;
      if (shell.has("xtrace"))
        yield* trace(
          shell,
          `for ${node.name} in ${node.words ? node.words.map((word) => word.text).join(" ") : '"$@"'}`,
        );
      shell.vars.set(node.name, value);
      status = yield* run(shell, node.body);
      if (endsLoop(shell)) break;
    }
    return status;
  } finally {
    shell.loops--;
  }
}

export function* countingLoop(shell: Shell, node: Form<"counting">, run: RunList): Task<number> {
  const value = function* evaluate(word: Form<"counting">["test"], empty: bigint): Task<bigint> {
    shell.line = node.line;
    if (word.text === "") return empty;
    if (shell.has("xtrace")) yield* trace(shell, `(( ${word.text} ))`);
    return yield* named("((", expandArithmetic(shell, word));
  };
  let status = 0;
  shell.loops++;
  try {
    yield* value(node.start, 1n);
    while ((yield* value(node.test, 1n)) !== 0n) {
      if (shell.proc.tick()) yield undefined;
      status = yield* run(shell, node.body);
      if (endsLoop(shell)) break;
      yield* value(node.step, 1n);
    }
    return status;
  } catch (error) {
    return yield* told(shell, error);
  } finally {
    shell.loops--;
  }
}

/** Says what is wrong with an expression of a command that is nothing but arithmetic, and goes on with status 1. */
function* told(shell: Shell, error: unknown): Task<number> {
  if (!(error instanceof Problem) || error.scope === "shell") throw error;
  yield* shell.complain(error.message);
  return 1;
}

function* named<T>(name: string, task: Task<T>): Task<T> {
  try {
    return yield* task;
  } catch (error) {
    if (error instanceof Problem && error.scope === "line") throw new Problem(`${name}: ${error.message}`);
    throw error;
  }
}

export function* arithmeticCommand(shell: Shell, node: Form<"arithmetic">): Task<number> {
  shell.line = node.line;
  if (shell.has("xtrace")) yield* trace(shell, `(( ${node.expression.text.trim()} ))`);
  try {
    return (yield* named("((", expandArithmetic(shell, node.expression))) === 0n ? 1 : 0;
  } catch (error) {
    return yield* told(shell, error);
  }
}

export function* caseCommand(shell: Shell, node: Form<"case">, run: RunList): Task<number> {
  shell.line = node.line;
  const text = yield* expandText(shell, node.word);
  if (shell.has("xtrace")) yield* trace(shell, `case ${traceQuote(text)} in`);
  let through = false;
  let status = 0;
  for (const item of node.items) {
    if (!through && !(yield* matchesAny(shell, item.patterns, text))) continue;
    status = yield* run(shell, item.body);
    if (item.body.length === 0) status = 0;
    if (shell.flow || item.end === ";;") break;
    through = item.end === ";&";
  }
  return status;
}

function* matchesAny(shell: Shell, patterns: Form<"case">["items"][number]["patterns"], text: string): Task<boolean> {
  for (const word of patterns) {
    const pattern = new Pattern(yield* expandPattern(shell, word), {
      extended: shell.shopts.has("extglob"),
      ignoreCase: shell.shopts.has("nocasematch"),
    });
    if (pattern.matches(text)) return true;
  }
  return false;
}
