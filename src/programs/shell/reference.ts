import type { Task } from "../../machine/define.ts";
import { indexOf } from "./arithmetic-scope.ts";
import { Problem } from "./problem.ts";
import type { Shell } from "./shell.ts";
import { splitReference } from "./variable.ts";

/** Assigns to `name` or `name[subscript]` as printf -v and read do; tells what is wrong and gives the status. */
export function* assignReference(shell: Shell, builtin: string, text: string, value: string): Task<number> {
  const reference = splitReference(text);
  if (!reference) {
    yield* shell.complain(`${builtin}: \`${text}': not a valid identifier`);
    return builtin === "printf" ? 2 : 1;
  }
  try {
    assign(shell, reference.name, reference.subscript, value);
    return 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    yield* shell.complain(error.message);
    return 1;
  }
}

function assign(shell: Shell, name: string, subscript: string | undefined, value: string): void {
  const target = shell.vars.target(name);
  const led = splitReference(target);
  const at = subscript ?? led?.subscript;
  const base = led?.name ?? name;
  if (at === undefined) shell.vars.set(base, value);
  else if (shell.vars.find(base)?.assoc) shell.vars.setKey(base, at, value);
  else shell.vars.setAt(base, indexOf(at, shell.scope), value);
}
