import type { Task } from "../../machine/define.ts";
import { Problem } from "./problem.ts";
import type { Shell } from "./shell.ts";
import { parse } from "./syntax/parse.ts";

const NESTING_LIMIT = 350;

/** Runs the text of a file in this shell, with its own arguments where some are given; `return` ends it. */
export function* sourceText(shell: Shell, text: string, file: string, args: readonly string[] = []): Task<number> {
  if (shell.calls.length >= NESTING_LIMIT)
    throw new Problem(`${file}: maximum source nesting level exceeded (${NESTING_LIMIT})`);
  const before = { args: shell.args, calls: shell.calls, line: shell.line, loops: shell.loops };
  shell.calls = [...before.calls, { name: "source", source: file, from: shell.line }];
  if (args.length > 0) shell.args = [...args];
  try {
    shell.status = 0;
    yield* shell.run.runScript(shell, parse(text), undefined);
    if (shell.flow?.type === "return") {
      shell.status = shell.flow.status;
      shell.flow = undefined;
    }
    return shell.status;
  } finally {
    if (args.length > 0) shell.args = before.args;
    shell.calls = before.calls;
    shell.line = before.line;
    shell.loops = before.loops;
  }
}
