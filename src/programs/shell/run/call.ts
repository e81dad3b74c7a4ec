import type { Task } from "../../../machine/define.ts";
import type { ShellFunction } from "../define.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Node } from "../syntax/ast.ts";
import { runTrap } from "./traps.ts";

/** Functions and sourced files may call each other this deep; bash itself dies of a segmentation fault a little later. */
const NESTING_LIMIT = 350;

/** Calls a function: own arguments, own locals, `return` ends it. */
export function* callFunction(
  shell: Shell,
  called: ShellFunction,
  args: readonly string[],
  run: (shell: Shell, body: Node) => Task<number>,
): Task<number> {
  const limit = Number(shell.vars.get("FUNCNEST") ?? 0) || NESTING_LIMIT;
  if (shell.calls.length >= Math.min(limit, NESTING_LIMIT))
    throw new Problem(`${called.name}: maximum function nesting level exceeded (${Math.min(limit, NESTING_LIMIT)})`);
  const before = {
    args: shell.args,
    loops: shell.loops,
    calls: shell.calls,
    err: shell.traps.get("ERR"),
    line: shell.line,
  };
  shell.calls = [...before.calls, { name: called.name, source: called.source, from: shell.line }];
  shell.args = [...args];
  shell.loops = 0;
  if (before.err !== undefined && !shell.has("errtrace")) shell.traps.delete("ERR");
  shell.vars.enter();
  const depth = shell.vars.depth;
  try {
    yield* run(shell, called.body);
    if (shell.flow?.type === "return") {
      shell.status = shell.flow.status;
      shell.flow = undefined;
    }
    const trap = shell.has("functrace") ? shell.traps.get("RETURN") : undefined;
    if (trap) yield* runTrap(shell, trap);
    return shell.status;
  } finally {
    if (shell.vars.depth === depth) shell.vars.leave();
    shell.args = before.args;
    shell.loops = before.loops;
    shell.calls = before.calls;
    shell.line = before.line;
    if (before.err !== undefined && !shell.traps.has("ERR") && !shell.has("errtrace"))
      shell.traps.set("ERR", before.err);
  }
}
