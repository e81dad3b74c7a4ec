import type { Task } from "../../../machine/define.ts";
import { indexOf } from "../arithmetic-scope.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import type { Shell } from "../shell.ts";
import { splitReference } from "../variable.ts";

export const unset: Builtin = {
  name: "unset",
  usage: "[-f] [-v] [-n] [name ...]",
  help: "Unset values and attributes of shell variables and functions.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "fvn");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    let status = 0;
    for (const text of rest) {
      if (flags.has("f")) shell.functions.delete(text);
      else status = (yield* one(shell, text, flags)) || status;
    }
    return status;
  },
};

function* one(shell: Shell, text: string, flags: ReadonlySet<string>): Task<number> {
  const reference = splitReference(text);
  const { vars } = shell;
  if (!reference) {
    if (!flags.has("v")) {
      shell.functions.delete(text);
      return 0;
    }
    yield* shell.complain(`unset: \`${text}': not a valid identifier`);
    return 1;
  }
  const name = flags.has("n") ? reference.name : vars.target(reference.name);
  if (reference.subscript !== undefined) return yield* element(shell, name, reference.subscript);
  if (!flags.has("v") && !vars.all.has(name) && !vars.dynamic.has(name)) shell.functions.delete(name);
  else if (vars.all.get(name)?.readonly) {
    yield* shell.complain(`unset: ${name}: cannot unset: readonly variable`);
    return 1;
  } else vars.unset(name);
  return 0;
}

function* element(shell: Shell, name: string, given: string): Task<number> {
  const variable = shell.vars.find(name);
  const subscript = given.replace(/^(["'])(.*)\1$/s, "$2");
  if (variable?.readonly) {
    yield* shell.complain(`unset: ${name}: cannot unset: readonly variable`);
    return 1;
  }
  if (variable?.assoc) variable.assoc.delete(subscript);
  else if (subscript === "@" || subscript === "*") shell.vars.unset(name);
  else if (variable?.array) {
    const index = indexOf(subscript, shell.scope);
    variable.array.delete(index < 0 ? variable.array.end + index : index);
  } else if (variable) {
    yield* shell.complain(`unset: ${name}: not an array variable`);
    return 1;
  }
  return 0;
}
