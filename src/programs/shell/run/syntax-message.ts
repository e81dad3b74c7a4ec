import type { Task } from "../../../machine/define.ts";
import type { Shell } from "../shell.ts";
import type { SyntaxProblem } from "../syntax/ast.ts";

/** Says what is wrong with the text. `label` tells what kind of text: -c, eval, command substitution. */
export function* syntaxError(shell: Shell, problem: SyntaxProblem, label: string | undefined): Task {
  if (shell.kind === "interactive") {
    yield* shell.error(`${shell.prefix}${label === undefined ? "" : `${label}: `}${problem.message}\n`);
    return;
  }
  const source = shell.calls.at(-1)?.source || shell.name;
  const start = `${source}: ${label === undefined ? "" : `${label}: `}line ${problem.line}: `;
  const shown = problem.shown === undefined ? "" : `${start}\`${problem.shown}'\n`;
  yield* shell.error(`${start}${problem.message}\n${shown}`);
}
